"""Downloads from a real local HTTP server that cuts, stalls, redirects, and gives what it should not."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError, SettingsError
from hxd_desktop.engine.models import downloading, hubs
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source
from hxd_desktop.engine.models.downloading import Download, DownloadProgress
from hxd_desktop.engine.settings import DownloadSettings
from tests.support.http_server import Quiet, serving
from tests.support.hub import Hub, running

REPO = "org/tiny-GGUF"
WEIGHTS = random.Random(7).randbytes(700_001)
CONFIG = b'{"a": 1}'
NOWHERE = "http://127.0.0.1:9"  # the discard service: nobody listens


@pytest.fixture(autouse=True)
def no_address_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("HF_ENDPOINT", raising=False)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running() as hub:
        hub.files = {f"{REPO}/Tiny-Q4_K_M.gguf": WEIGHTS, f"{REPO}/sub/config.json": CONFIG}
        yield hub


def make_entry(sources: tuple[Source, ...] = (Source("huggingface", REPO),), sha256: str = "", **named: Any) -> Entry:
    files = (CatalogueFile("tiny-q4_k_m.gguf", "tiny.gguf", sha256), CatalogueFile("sub/config.json", "config.json"))
    values: dict[str, Any] = {
        "id": "tiny", "kind": "generator", "name": "Tiny", "licence": "MIT", "languages": ("en",),
        "context_tokens": 512, "bytes": 700_000, "memory_bytes": 1, "use": {}, "files": files, "sources": sources,
    }  # fmt: skip
    return Entry(**{**values, **named})


def download(
    folder: Path, *endpoints: str, entry: Entry | None = None, modelscope: tuple[str, ...] = (), **named: Any
) -> Download:
    settings = DownloadSettings(huggingface=endpoints, modelscope=modelscope, **named)
    return Download(entry or make_entry(), folder, settings, first_wait_s=0.01)


def check(files: Path) -> None:
    assert (files / "tiny.gguf").read_bytes() == WEIGHTS
    assert (files / "config.json").read_bytes() == CONFIG


def failure(task: Download) -> ModelError:
    with pytest.raises(ModelError) as caught:
        task.run()
    assert "hxd models import" in caught.value.remedy
    return caught.value


def test_a_model_arrives_whole_and_says_how_far_it_is(hub: Hub, tmp_path: Path) -> None:
    seen: list[DownloadProgress] = []
    entry = make_entry(use={"pooling": "CLS"})
    files = download(tmp_path, hub.address, entry=entry).run(progress=seen.append)
    check(files)
    assert (files / "hxd.json").read_text() == '{\n  "pooling": "CLS"\n}\n'
    total = len(WEIGHTS) + len(CONFIG)
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (total, total)
    assert seen[-1].source == hub.address.removeprefix("http://")
    assert [range_ for _, range_ in hub.asked] == ["", ""]


def test_modelscope(hub: Hub, tmp_path: Path) -> None:
    entry = make_entry((Source("huggingface", "org/nothing"), Source("modelscope", REPO)))
    check(download(tmp_path, hub.address, entry=entry, modelscope=(hub.address,)).run())
    first = download(tmp_path / "b", NOWHERE, entry=entry, modelscope=(hub.address,), first="modelscope")
    hub.requests.clear()
    check(first.run())
    assert hub.requests[0][0] == f"/api/v1/models/{REPO}/repo/files"


def test_a_cut_connection_is_gone_on_with(hub: Hub, tmp_path: Path) -> None:
    hub.cuts = [100_000, 0, 0, 250_000]
    check(download(tmp_path, hub.address).run())
    starts = [range_ for path, range_ in hub.asked if path.endswith("gguf")]
    assert starts == ["", "bytes=100000-", "bytes=100000-", "bytes=100000-", "bytes=350000-"]


def test_a_line_that_breaks_again_and_again_is_given_up(hub: Hub, tmp_path: Path) -> None:
    hub.cuts = [1000] + [0] * 20
    task = download(tmp_path, hub.address)
    assert "broke the connection off" in failure(task).message
    assert task.fetched_bytes() == 1000  # kept for the next run
    hub.cuts = []
    check(task.run())


def test_a_server_without_ranges_sends_all_again(hub: Hub, tmp_path: Path) -> None:
    hub.ranges, hub.cuts = False, [5000]
    check(download(tmp_path, hub.address).run())


def test_busy_servers_are_asked_again(hub: Hub, tmp_path: Path) -> None:
    hub.statuses = [503, 429]
    check(download(tmp_path, hub.address).run())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"listed": {f"{REPO}/Tiny-Q4_K_M.gguf": {"sha256": "0" * 64}}}, "wrong checksum"),
        ({"served": {f"{REPO}/Tiny-Q4_K_M.gguf": WEIGHTS[:-1]}}, "700,000 bytes where the file has 700,001"),
        ({"served": {f"{REPO}/Tiny-Q4_K_M.gguf": WEIGHTS + b"x"}}, "700,002 bytes where the file has 700,001"),
        ({"wrong_length": 10}, "700,011 bytes where the file has 700,001"),
        ({"statuses": [403]}, "without a login or its licence accepted (403)"),
        ({"statuses": [404]}, "has no Tiny-Q4_K_M.gguf (404)"),
        ({"statuses": [500] * 9}, "has a fault of its own (500)"),
        ({"files": {}}, f"has no {REPO} (404)"),
        ({"files": {f"{REPO}/other.gguf": b""}}, f"has no tiny-q4_k_m.gguf in {REPO}"),
    ],
    ids=str,
)
def test_what_a_source_does_wrong_is_named_and_the_next_one_is_asked(
    hub: Hub, tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    with running(Hub(files=dict(hub.files), **{k: v for k, v in change.items() if k != "files"})) as bad:
        bad.files = change.get("files", bad.files)
        assert says in failure(download(tmp_path, bad.address)).message
        bad.statuses = list(change.get("statuses", []))
        check(download(tmp_path, NOWHERE, bad.address, hub.address).run())


def test_a_page_instead_of_a_list_of_files(tmp_path: Path) -> None:
    with running() as hub:
        hub.files = {"org/other/api/models/org/tiny-GGUF/tree/main": b""}
        address = f"{hub.address}/org/other/resolve/main"  # answers everything below it with an empty file
        assert "no list of the files" in failure(download(tmp_path, address)).message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 200_000, "gives no list"),
        (b'[{"type": "file", "path": 7, "size": 1}]', "gives no list"),
        (b'["Tiny"]', "gives no list"),
        (b" " * (hubs._MOST_BYTES + 1), "too large"),
    ],
    ids=["deep", "a number for a name", "words", "large"],
)
def test_a_hostile_list_of_files(tmp_path: Path, body: bytes, said: str) -> None:
    class Hostile(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the client has had enough
                self.wfile.write(body)

    with serving(Hostile) as address:
        assert said in failure(download(tmp_path, address)).message


def test_more_bytes_than_announced_are_cut_off(hub: Hub, tmp_path: Path) -> None:
    with running() as other:  # lists the file shorter than it is, and says no length
        other.files = dict(hub.files)
        other.listed = {f"{REPO}/Tiny-Q4_K_M.gguf": {"size": 1000}}
        task = download(tmp_path, other.address)
        assert "700,001 bytes where the file has 1,000" in failure(task).message


def test_a_beginning_from_elsewhere_is_thrown_away_once_it_turns_out_wrong(hub: Hub, tmp_path: Path) -> None:
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    part = tmp_path / ".download-tiny" / "parts" / f"tiny.gguf.{digest[:16]}"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\0" * 300_000)
    check(download(tmp_path, hub.address).run())
    assert [range_ for path, range_ in hub.asked if path.endswith("gguf")] == ["bytes=300000-", ""]


def test_a_finished_file_that_was_changed_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    task = download(tmp_path, hub.address)
    check(task.run())
    hub.requests.clear()
    check(task.run())
    assert not hub.asked
    (task.files / "tiny.gguf").write_bytes(WEIGHTS[:-1] + b"?")
    check(task.run())
    assert len(hub.asked) == 1


def test_redirects_are_followed_but_not_without_end(hub: Hub, tmp_path: Path) -> None:
    with running(Hub(files=dict(hub.files))) as store:
        hub.redirect_to = store.address
        hub.cuts = []
        store.cuts = [1234]
        check(download(tmp_path / "a", hub.address).run())
        assert store.asked[1][1] == "bytes=1234-"
    hub.redirect_to = hub.address
    assert "redirects without end" in failure(download(tmp_path / "b", hub.address)).message


def test_a_checksum_of_the_catalogue_outweighs_the_hub(hub: Hub, tmp_path: Path) -> None:
    right = hashlib.sha256(WEIGHTS).hexdigest()
    check(download(tmp_path / "a", hub.address, entry=make_entry(sha256=right)).run())
    wrong = make_entry(sha256="1" * 64)
    assert "another version" in failure(download(tmp_path / "b", hub.address, entry=wrong)).message
    assert not hub.asked[2:]


def test_nothing_is_taken_without_a_checksum(hub: Hub, tmp_path: Path) -> None:
    hub.listed = {f"{REPO}/sub/config.json": {"sha256": ""}}
    entry = make_entry((Source("modelscope", REPO),))
    task = download(tmp_path, entry=entry, modelscope=(hub.address,))
    assert "no checksum of sub/config.json" in failure(task).message


def test_sources_that_cannot_be_reached(tmp_path: Path) -> None:
    error = failure(download(tmp_path, NOWHERE, "http://no-such-host.invalid"))
    assert "127.0.0.1:9 cannot be reached" in error.message and "no-such-host.invalid" in error.message
    assert "no address of huggingface" in failure(download(tmp_path)).message
    assert not list(tmp_path.iterdir())  # nothing came, nothing is left


def test_the_mirror_that_is_given_is_asked_first(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = DownloadSettings(huggingface=(NOWHERE,))
    check(Download(make_entry(), tmp_path / "a", settings, mirror=hub.address).run())
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    check(Download(make_entry(), tmp_path / "b", settings).run())


def test_the_settings_can_forbid_it(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"downloads\.allowed"):
        download(tmp_path, hub.address, allowed=False).run()
    assert not hub.requests and not list(tmp_path.iterdir())


def test_room_on_the_disk_is_looked_at_first(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda _path: SimpleNamespace(free=64 << 20))
    with pytest.raises(ModelError, match="Not enough room") as caught:
        download(tmp_path, hub.address).run()
    assert "0.07 GB are free" in caught.value.message
    assert not hub.asked


def test_a_disk_that_fills_up(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelError, match="disk is full") as caught:
        download(tmp_path, hub.address).run()
    assert "goes on" in caught.value.remedy


def test_a_cancel_ends_a_connection_that_hangs(hub: Hub, tmp_path: Path) -> None:
    hub.stall_after = 50_000
    token, task, ended = CancelToken(), download(tmp_path, hub.address), threading.Event()
    raised: list[Cancelled] = []

    def work() -> None:
        try:
            task.run(cancel=token)
        except Cancelled as error:
            raised.append(error)
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    assert hub.stalled.wait(20)
    token.cancel()
    assert ended.wait(5)
    assert raised
    assert 0 < task.fetched_bytes() <= 50_000
    hub.stall_after = None
    check(task.run())


KILLED = """
import sys
from pathlib import Path
from tests.unit.models.test_downloading import download
download(Path(sys.argv[1]), sys.argv[2]).run(progress=lambda p: print(p.bytes_done, flush=True))
"""


def test_killed_at_ten_random_moments_it_ends_whole(hub: Hub, tmp_path: Path) -> None:
    hub.pace_bytes = 2048
    root, parts = Path(__file__).parents[3], tmp_path / ".download-tiny" / "parts"
    kills = 0
    for mark in sorted(random.Random(20).sample(range(len(WEIGHTS)), 10)):
        command = [sys.executable, "-c", KILLED, str(tmp_path), hub.address]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and sum(path.stat().st_size for path in parts.glob("tiny*")) < mark:
                hub.release.wait(0.002)
            kills += process.poll() is None
            process.kill()
    starts = [int(range_[6:-1] or 0) for path, range_ in hub.asked if path.endswith("gguf")]
    assert kills >= 5, "the machine was too slow to kill it in time"
    assert starts[0] == 0 and starts[1:] == sorted(set(starts[1:])), "it goes on where it was, every time"
    hub.pace_bytes = 0
    check(download(tmp_path, hub.address).run())
    assert not list(parts.iterdir())
