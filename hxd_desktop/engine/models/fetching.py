"""One file over HTTP: resumed where it stopped, cut off where it is too long, taken only if its checksum is right."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.models.hubs import RemoteFile, SourceFailed, refused, trouble
from hxd_desktop.engine.models.interruptible import interruptible

if TYPE_CHECKING:
    import httpx

Advance = Callable[[int], None]

CONNECT_S, READ_S = 15.0, 30.0
RETRIES = 5  # in a row without a byte between them
FIRST_WAIT_S = 1.0  # before the first retry, twice as long before each further one

_BLOCK_BYTES = 1 << 20
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@contextmanager
def client() -> Iterator[httpx.Client]:
    """An HTTP client that follows redirects and knows the system's proxies; one connection for each request."""
    import httpx

    from hxd_desktop import __version__

    headers = {"User-Agent": f"hxd-desktop/{__version__}", "Accept-Encoding": "identity"}
    with httpx.Client(
        follow_redirects=True,
        max_redirects=10,
        timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
        limits=httpx.Limits(max_keepalive_connections=0),
        headers=headers,
    ) as opened:
        yield opened


class Fetcher:
    """Fetches files with one client.

    Args:
        client: As `client` makes it.
        cancel: Stops at once, also a connection that hangs.
        first_wait_s: Before the first retry.
    """

    def __init__(self, client: httpx.Client, cancel: CancelToken, first_wait_s: float = FIRST_WAIT_S) -> None:
        self._client = client
        self._cancel = cancel
        self._first_wait_s = first_wait_s

    def fetch(self, remote: RemoteFile, part: Path, advance: Advance) -> None:
        """Complete `part`, which may hold the beginning of the file, and check it.

        Args:
            remote: The file; its size and one checksum have to be known.
            part: Grows as bytes come in; a kill at any moment leaves something that can be resumed. It is deleted
                where it turns out to be wrong.
            advance: Told how many bytes more there are; fewer (negative) where some were thrown away.

        Raises:
            SourceFailed: this source does not give the file; what came of it is kept unless it is wrong.
            Cancelled: `cancel` was set.
            OSError: `part` cannot be written.
        """
        resumed = _size(part) > 0
        self._complete(remote, part, advance)
        if self.matches(remote, part):
            return
        advance(-_size(part))
        part.unlink()
        if resumed:  # perhaps only the beginning, from another day or another mirror, was wrong
            self._complete(remote, part, advance)
            if self.matches(remote, part):
                return
            advance(-_size(part))
            part.unlink()
        raise SourceFailed("gives a file with the wrong checksum: damaged on the way, or not the file it should be")

    def matches(self, remote: RemoteFile, path: Path) -> bool:
        """Read a file and say whether it is the one that the hub names."""
        if _size(path) != remote.bytes:
            return False
        digest = hashlib.sha256() if remote.sha256 else hashlib.sha1(usedforsecurity=False)
        if not remote.sha256:
            digest.update(b"blob %d\0" % remote.bytes)
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                self._cancel.check()
                digest.update(block)
        return digest.hexdigest() == (remote.sha256 or remote.git_sha1)

    def _complete(self, remote: RemoteFile, part: Path, advance: Advance) -> None:
        """Ask until `part` has the size that the file has to have."""
        import httpx

        if _size(part) > remote.bytes:
            advance(-_size(part))
            part.unlink()
        part.touch()
        failures = 0
        while (before := _size(part)) < remote.bytes:
            self._cancel.check()
            try:
                self._ask(remote, part, before, advance)
            except (httpx.HTTPError, _TryAgain) as error:
                self._cancel.check()  # a connection that a cancel closed looks like one that broke
                failures = failures + 1 if _size(part) <= before else 1
                if failures > RETRIES:
                    raise SourceFailed(str(error) if isinstance(error, _TryAgain) else trouble(error)) from error
                if self._cancel.wait(self._first_wait_s * 2 ** (failures - 1)):
                    raise Cancelled from error

    def _ask(self, remote: RemoteFile, part: Path, start: int, advance: Advance) -> None:
        headers = {"Range": f"bytes={start}-"} if start else {}
        with interruptible(self._client, "GET", remote.url, self._cancel, headers=headers) as response:
            if response.status_code == 416 and start:  # our beginning is no beginning of this file
                _cut(part, 0, advance)
                raise _TryAgain("does not continue the file")
            if response.status_code not in (200, 206):
                said = refused(response.status_code, remote.url.rpartition("/")[2])
                raise (
                    _TryAgain(said)
                    if response.status_code in (408, 429) or response.status_code >= 500
                    else (SourceFailed(said))
                )
            begins, length = _announced(response)
            if begins != start:
                if begins:
                    raise SourceFailed("sends another part of the file than the one asked for")
                _cut(part, 0, advance)  # it knows no ranges and sends all of it again
            if length is not None and length != remote.bytes:
                raise SourceFailed(f"gives {length:,} bytes where the file has {remote.bytes:,}")
            self._write(response, part, remote.bytes, advance)

    def _write(self, response: httpx.Response, part: Path, limit: int, advance: Advance) -> None:
        size = _size(part)
        with open(part, "ab", buffering=0) as stream:
            for block in response.iter_raw():
                if size + len(block) > limit:
                    stream.close()
                    _cut(part, 0, advance)
                    raise SourceFailed(f"gives more bytes than the {limit:,} that the file has")
                stream.write(block)
                size += len(block)
                advance(len(block))
                self._cancel.check()
            os.fsync(stream.fileno())
        if size < limit:
            raise _TryAgain("ends the file too early")


class _TryAgain(Exception):  # noqa: N818 - says what to tell where trying again does not help
    """Something that may pass."""


def _announced(response: httpx.Response) -> tuple[int, int | None]:
    """Where the body begins in the file, and how long the file is if that is said."""
    if response.status_code == 206:
        match = _RANGE.match(response.headers.get("Content-Range", ""))
        if match is None:
            raise SourceFailed("answers a request for a part without saying which part it sends")
        return int(match[1]), None if match[3] == "*" else int(match[3])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _cut(part: Path, size: int, advance: Advance) -> None:
    advance(size - _size(part))
    os.truncate(part, size)
