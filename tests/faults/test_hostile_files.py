"""Hostile files among good ones: each fails alone, with a reason, and the good ones are read as ever."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.parsing import _DEATHS, ParseJob, ParserPool
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings
from tests.support.hostile import CRAFTED, inputs
from tests.support.hostile_pages import pdf_of_pages
from tests.support.library import Workbench
from tests.support.samples import SAMPLES

FLIPPED = 320
SLOW = {"many-mails.mbox", "endless-line.csv", "blank-lines.md", "quote-never-closed.csv", "endless-line-of-words.txt"}
DEATHS = tuple(reason.split("{")[0][:24] for reason in _DEATHS.values())
STATES = {state.value for state in DocumentState}


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    made = ParserPool(IndexSettings(workers=2, parse_timeout_s=60.0), ChunkSettings())
    yield made
    made.close()


def replies(pool: ParserPool, folder: Path, files: Iterator[tuple[str, bytes]]) -> dict[str, dict[str, object]]:
    jobs = []
    for name, data in files:
        path = folder / name
        path.write_bytes(data)
        jobs.append(ParseJob(str(path), len(data), 0, 1))
    return {Path(job.path).name: reply for job, reply in pool.parse(jobs, CancelToken())}


def check(found: dict[str, dict[str, object]]) -> None:
    for name, reply in found.items():
        assert reply["state"] in STATES, name
        assert reply["reason"] or reply["state"] in ("indexed", "empty"), name
        assert not str(reply["reason"]).startswith(DEATHS), (name, reply["reason"])


def test_flipped_bits_in_every_format(pool: ParserPool, tmp_path: Path) -> None:
    samples = {name: make() for name, make in SAMPLES.items()}
    found = replies(pool, tmp_path, inputs(samples, FLIPPED, seed=20261124))
    assert len(found) == FLIPPED
    check(found)
    assert sum(reply["state"] == "failed" for reply in found.values()) > FLIPPED // 10, "some of it was damage"


def test_crafted_files(pool: ParserPool, tmp_path: Path) -> None:
    found = replies(pool, tmp_path, ((name, make()) for name, make in CRAFTED.items() if name not in SLOW))
    check(found)
    for name in ("zip-bomb.docx", "zip-bomb.xlsx", "zip-bomb.odt", "nested-zip.docx", "lying-zip.docx"):
        assert found[name]["state"] in ("failed", "skipped"), name
    for name in ("deep.html", "deep.json", "deep-lists.html"):
        assert "nested too deeply" in str(found[name]["reason"]), name
    assert found["attributes.html"]["state"] == "indexed"
    assert found["pdf.txt"]["type"] == "pdf"
    text = "".join(str(reply.get("text", "")) for reply in found.values())
    assert "root:" not in text, "nothing that a file points to is read"
    assert "lollol" not in text, "entities are not expanded"


def test_a_pdf_of_many_pages(pool: ParserPool, tmp_path: Path) -> None:
    found = replies(pool, tmp_path, iter([("pages.pdf", pdf_of_pages(3_000))]))
    assert found["pages.pdf"]["state"] == "indexed"


def test_two_gigabytes_are_skipped_unread(pool: ParserPool, tmp_path: Path) -> None:
    path = tmp_path / "sparse.txt"
    with open(path, "wb") as stream:
        stream.truncate(2 << 30)
    ((_, reply),) = pool.parse([ParseJob(str(path), 2 << 30, 0, 1)], CancelToken())
    assert (reply["state"], reply["hash"]) == ("skipped", None)
    assert "larger than" in reply["reason"]


ODD_NAMES = (
    b"new\nline.txt",
    b"carriage\rreturn.md",
    b"tab\tand 'quotes\" and `ticks`.txt",
    b"; drop table documents; --.txt",
    b"<b>&amp;.txt",
    b"%s%n{0}.txt",
    b"back\\slash.txt",
    b" leading and trailing .txt ",
    b"-rf.txt",
    "right\u202eto\u2066left.txt".encode(),
    "e\u0301 and \u00e9.txt".encode(),
    ("\U0001f600" * 60 + ".txt").encode(),
    b"n" * 251 + b".txt",
    b"half of a character \xed\xa0\x80.txt",
    b"not UTF-8 \xff\xfe\x80.txt",
)
MARKS = [f"marker{letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_nobody_would_choose(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number, name in enumerate(ODD_NAMES):
        (folder / os.fsdecode(name)).write_text(f"The {MARKS[number]} stands here.")
    deep = folder
    while len(str(deep)) < 3800:
        deep = deep / ("d" * 200)
        os.mkdir(deep)
    (deep / "bottom.txt").write_text("The bottommarker stands here.")
    bench = Workbench(tmp_path / "data")
    bench.add(folder)
    bench.index()
    states = bench.documents()
    good = [d for d in states.values() if d.state is DocumentState.INDEXED]
    assert len(states) == len(ODD_NAMES) + 1
    assert all(d.reason for d in states.values() if d.state is not DocumentState.INDEXED)
    assert len(good) >= len(ODD_NAMES) - 1
    for number, name in enumerate(ODD_NAMES):
        if os.fsdecode(name) in {os.path.basename(d.path) for d in good}:
            assert bench.found(MARKS[number]) == {os.fsdecode(name)}
    assert bench.found("bottommarker") == {"bottom.txt"}
    bench.assert_consistent()
    assert [run.indexed for run in bench.scan()] == [0], "each is known again"
    for entry in list(folder.iterdir()):  # a name that is not UTF-8 is known by its escapes
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    bench.scan()
    assert bench.documents() == {}
    bench.assert_consistent()
    bench.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such files")
def test_links_out_of_the_folder_loops_pipes_sockets_and_devices(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("The outsidemarker is none of this folder's business.")
    (folder / "good.txt").write_text("The insidemarker stands here.")
    (folder / "out").symlink_to(outside)
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "nowhere.txt").symlink_to(folder / "gone.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    if os.getuid() == 0:
        os.mknod(folder / "device.txt", 0o20666, os.makedev(1, 5))  # /dev/zero
    here = os.getcwd()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(folder)  # the address of a socket is short
        listening.bind("socket.txt")
        os.chdir(here)
        bench = Workbench(tmp_path / "data")
        bench.add(folder)
        done = threading.Event()
        watch = threading.Timer(60, lambda: done.is_set() or os._exit(3))  # a pipe that is opened never ends
        watch.start()
        bench.index()
        done.set()
        watch.cancel()
        watch.join()
    states = {Path(path).name: document for path, document in bench.documents().items()}
    assert states["good.txt"].state is DocumentState.INDEXED
    assert bench.found("outsidemarker") == set()
    others = {name: d.state for name, d in states.items() if name != "good.txt"}
    assert set(others.values()) <= {DocumentState.SKIPPED, DocumentState.FAILED}
    assert all(d.reason for name, d in states.items() if name != "good.txt")
    bench.assert_consistent()
    bench.close()
