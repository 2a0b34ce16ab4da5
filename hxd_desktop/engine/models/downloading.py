"""A model from the catalogue, fetched from one hub or mirror after the other into a folder of its own.

It opens network connections only when somebody asks for a model.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import put_in_place, replace_file
from hxd_desktop.engine.errors import ModelError, SettingsError
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source
from hxd_desktop.engine.models.fetching import FIRST_WAIT_S, Fetcher, client
from hxd_desktop.engine.models.hubs import RemoteFile, SourceFailed, listing
from hxd_desktop.engine.settings import DownloadSettings

if TYPE_CHECKING:
    import httpx

ASIDE = ".download-"

_SPARE_BYTES = 64 << 20  # left free on the disk afterwards
_TOLD_EVERY_S = 0.2
_RATE_OVER_S = 5.0


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is; `source` is the host that it comes from, `seconds_left` None while nothing is known."""

    source: str
    bytes_done: int
    bytes_total: int
    bytes_per_s: float
    seconds_left: float | None


Progress = Callable[[DownloadProgress], None]


class Download:
    """Fetches one model; what a run left unfinished, killed or cancelled, the next one goes on with.

    Args:
        entry: What to fetch.
        folder: The folder of models; the parts lie in `.download-ID` in it.
        settings: Which hubs and mirrors may be asked.
        mirror: A further address to ask first, of a hub that works like Hugging Face.
        first_wait_s: Before the first retry of a connection that broke.
    """

    def __init__(
        self,
        entry: Entry,
        folder: Path,
        settings: DownloadSettings,
        *,
        mirror: str = "",
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._entry = entry
        self._home = folder / f"{ASIDE}{entry.id}"
        self._settings = settings
        self._mirror = mirror
        self._first_wait_s = first_wait_s

    @property
    def files(self) -> Path:
        """The folder with the files that are complete and checked."""
        return self._home / "files"

    def run(self, *, progress: Progress | None = None, cancel: CancelToken | None = None) -> Path:
        """Fetch what is missing and return the folder that holds the whole model.

        Raises:
            SettingsError: the settings forbid it.
            ModelError: no source gave the model, or it does not fit on the disk.
            Cancelled: `cancel` was set; what was fetched is kept.
        """
        if not self._settings.allowed:
            raise SettingsError(
                "Downloads are switched off",
                "The settings of this data directory forbid them.",
                "Set downloads.allowed = true in settings.toml, or import a copy with `hxd models import PATH`.",
            )
        failures: list[str] = []
        try:
            self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
            with client() as connection:
                fetcher = Fetcher(connection, cancel or CancelToken(), self._first_wait_s)
                for endpoint, source in self._places():
                    host = urlsplit(endpoint).netloc or endpoint
                    try:
                        plan = self._plan(connection, endpoint, source)
                        self._check_space(plan)
                        self._fetch(fetcher, plan, _Meter(host, plan, progress))
                        self._say_how_to_use()
                        return self.files
                    except SourceFailed as failure:
                        failures.append(f"{host} {failure}")
        except OSError as error:
            raise _not_written(self._home, error) from error
        except ImportError as error:  # httpx wants a further package for SOCKS
            raise ModelError(
                "The proxy cannot be used",
                f"{error}.",
                "Set HTTPS_PROXY to an HTTP proxy, or import a copy with `hxd models import PATH`.",
            ) from error
        if not self.fetched_bytes():
            self.discard()  # nothing to go on with
        raise self._failed(failures)

    def discard(self) -> None:
        """Delete all that was fetched."""
        shutil.rmtree(self._home, ignore_errors=True)

    def fetched_bytes(self) -> int:
        """Size of what is there of it, complete or not."""
        return sum(path.stat().st_size for path in self._home.rglob("*") if path.is_file())

    def _places(self) -> list[tuple[str, Source]]:
        """Addresses with the repository to ask each for, in the order in which they are tried."""
        endpoints = {"huggingface": list(self._settings.huggingface), "modelscope": list(self._settings.modelscope)}
        for first in (os.environ.get("HF_ENDPOINT", ""), self._mirror):
            if first:
                endpoints["huggingface"] = [first, *(each for each in endpoints["huggingface"] if each != first)]
        sources = sorted(self._entry.sources, key=lambda source: source.hub != self._settings.first)
        return [(endpoint, source) for source in sources for endpoint in endpoints[source.hub]]

    def _plan(self, connection: httpx.Client, endpoint: str, source: Source) -> list[tuple[CatalogueFile, RemoteFile]]:
        listed: dict[str, dict[str, RemoteFile]] = {}
        plan = []
        for file in self._entry.files:
            repo = file.repo or source.repo
            if repo not in listed:
                listed[repo] = listing(connection, source.hub, endpoint, repo)
            remote = listed[repo].get(file.path.lower())
            if remote is None:
                raise SourceFailed(f"has no {file.path} in {repo}")
            if file.sha256 and remote.sha256 and file.sha256 != remote.sha256:
                raise SourceFailed(f"has another version of {file.path} than the one that the catalogue knows")
            if file.sha256 and not remote.sha256:
                remote = RemoteFile(remote.url, remote.bytes, file.sha256)
            if not (remote.sha256 or remote.git_sha1):
                raise SourceFailed(f"publishes no checksum of {file.path}")
            plan.append((file, remote))
        return plan

    def _check_space(self, plan: Sequence[tuple[CatalogueFile, RemoteFile]]) -> None:
        needed = sum(remote.bytes for _, remote in plan) - self.fetched_bytes()
        free = shutil.disk_usage(self._home).free
        if needed > 0 and free < needed + _SPARE_BYTES:
            raise ModelError(
                "Not enough room on the disk",
                f"{self._entry.id} still needs {needed / 1e9:.2f} GB; {free / 1e9:.2f} GB are free at {self._home}.",
                "Free some space, or move the data directory with --data-dir.",
                self._home,
            )

    def _fetch(self, fetcher: Fetcher, plan: Sequence[tuple[CatalogueFile, RemoteFile]], meter: _Meter) -> None:
        parts = self._home / "parts"
        parts.mkdir(exist_ok=True)
        for file, remote in plan:
            whole = self.files / file.name
            # Named by its content: what another version left behind is never continued.
            part = parts / f"{file.name}.{(remote.sha256 or remote.git_sha1)[:16]}"
            if whole.exists():
                if fetcher.matches(remote, whole):
                    meter.skip(remote.bytes)
                    continue
                whole.unlink()
            meter.skip(part.stat().st_size if part.exists() else 0)
            fetcher.fetch(remote, part, meter.advance)
            put_in_place(part, whole)
        meter.tell(force=True)

    def _say_how_to_use(self) -> None:
        if self._entry.use:
            text = json.dumps(self._entry.use, ensure_ascii=False, indent=2)
            replace_file(self.files / "hxd.json", f"{text}\n".encode())

    def _failed(self, failures: Sequence[str]) -> ModelError:
        remedy = (
            "Run it again later: it goes on where it stopped. Another address can be given with --mirror URL or in the "
            "settings (downloads.huggingface, downloads.modelscope), a proxy with HTTPS_PROXY. Or fetch "
            f"{self._entry.sources[0].repo} on another machine and take it in with `hxd models import PATH`."
        )
        if not failures:
            hubs = " or ".join(sorted({source.hub for source in self._entry.sources}))
            failures = [f"the settings name no address of {hubs}"]
        return ModelError("The model could not be downloaded", f"{'; '.join(failures)}.", remedy)


class _Meter:
    """Counts bytes and tells of them a few times a second."""

    def __init__(
        self, source: str, plan: Sequence[tuple[CatalogueFile, RemoteFile]], progress: Progress | None
    ) -> None:
        self._source = source
        self._total = sum(remote.bytes for _, remote in plan)
        self._progress = progress
        self._done = 0
        self._told_at = 0.0
        self._history: deque[tuple[float, int]] = deque()

    def skip(self, count: int) -> None:
        """Count bytes that were there already, which say nothing of the speed."""
        self._done += count
        self._history.clear()
        self.tell()

    def advance(self, count: int) -> None:
        """Count bytes that came, or (negative) that were thrown away."""
        self._done += count
        self.tell()

    def tell(self, *, force: bool = False) -> None:
        """Report, unless that was done just now."""
        now = time.monotonic()
        if self._progress is None or (not force and now - self._told_at < _TOLD_EVERY_S):
            return
        self._told_at = now
        self._history.append((now, self._done))
        while now - self._history[0][0] > _RATE_OVER_S:
            self._history.popleft()
        since, before = self._history[0]
        rate = max(0.0, (self._done - before) / (now - since)) if now > since else 0.0
        left = (self._total - self._done) / rate if rate else None
        self._progress(DownloadProgress(self._source, self._done, self._total, rate, left))


def _not_written(place: Path, error: OSError) -> ModelError:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return ModelError(
            "The disk is full",
            f"{place} cannot take the rest of the model.",
            "Free some space and run the download again: it goes on where it stopped.",
            place,
        )
    return ModelError(
        "The model cannot be written",
        f"{error.filename or place}: {error.strerror or error}.",
        "Check the permissions of the data directory and run the download again: it goes on where it stopped.",
        place,
    )
