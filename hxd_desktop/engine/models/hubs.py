"""What a model hub says of a repository's files: sizes, checksums, addresses."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

HUBS = ("huggingface", "modelscope")

_MOST_PAGES = 20
_MOST_BYTES = 16 << 20  # of one page of a list


class SourceFailed(Exception):  # noqa: N818 - one of several places to get a model from; the next one is tried
    """A hub, or a mirror of one, did not give what it should; the text says what, in a few words."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on a hub; `sha256` or `git_sha1` (of git's blob) says what its content has to be, "" for unknown."""

    url: str
    bytes: int
    sha256: str = ""
    git_sha1: str = ""


def listing(client: httpx.Client, hub: str, endpoint: str, repo: str) -> dict[str, RemoteFile]:
    """Return the files of a repository by their path in lower case (hubs' own spelling of quantisations differs).

    Raises:
        SourceFailed: the hub does not know the repository, or answers with something else.
    """
    endpoint = endpoint.rstrip("/")
    try:
        return _LISTINGS[hub](client, endpoint, repo)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise SourceFailed(f"gives no list of the files of {repo} that can be read") from error


def _huggingface(client: httpx.Client, endpoint: str, repo: str) -> dict[str, RemoteFile]:
    found: dict[str, RemoteFile] = {}
    url: str | None = f"{endpoint}/api/models/{repo}/tree/main?recursive=true"
    for _ in range(_MOST_PAGES):
        if url is None:
            break
        listed, links = _get(client, url, repo)
        for file in _rows(listed):
            if file["type"] == "file":
                large = file.get("lfs") or {}
                found[file["path"].lower()] = RemoteFile(
                    f"{endpoint}/{repo}/resolve/main/{urllib.parse.quote(file['path'])}",
                    int(large.get("size", file["size"])),
                    str(large.get("oid", "")),
                    "" if large else str(file["oid"]),
                )
        url = links.get("next", {}).get("url")
    return found


def _modelscope(client: httpx.Client, endpoint: str, repo: str) -> dict[str, RemoteFile]:
    listed, _ = _get(client, f"{endpoint}/api/v1/models/{repo}/repo/files?Revision=master&Recursive=true", repo)
    return {
        file["Path"].lower(): RemoteFile(
            f"{endpoint}/models/{repo}/resolve/master/{urllib.parse.quote(file['Path'])}",
            int(file["Size"]),
            str(file.get("Sha256") or "").lower(),
        )
        for file in _rows(listed["Data"]["Files"])
        if file.get("Type", "blob") == "blob"
    }


_LISTINGS = {"huggingface": _huggingface, "modelscope": _modelscope}


def _rows(value: Any) -> Sequence[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _get(client: httpx.Client, url: str, repo: str) -> tuple[Any, dict[str | None, dict[str, str]]]:
    """Return the JSON at an address, and the links that its head names; no more than `_MOST_BYTES` are taken."""
    import httpx

    body = bytearray()
    try:
        with client.stream("GET", url) as response:
            if response.status_code != 200:
                raise SourceFailed(refused(response.status_code, repo))
            for block in response.iter_bytes():
                body += block
                if len(body) > _MOST_BYTES:
                    raise SourceFailed(f"gives a list of the files of {repo} that is too large")
    except httpx.HTTPError as error:
        raise SourceFailed(trouble(error)) from error
    return json.loads(body), response.links


def refused(status: int, what: str) -> str:
    """Say what a status other than success means."""
    if status in (401, 403):
        return f"does not hand out {what} without a login or its licence accepted ({status})"
    if status in (404, 410):
        return f"has no {what} ({status})"
    if status == 429:
        return "asks to come back later, too many requests (429)"
    if status >= 500:
        return f"has a fault of its own ({status})"
    return f"answered {status} for {what}"


def trouble(error: Exception) -> str:
    """Say what went wrong on the way, from an exception of httpx."""
    import httpx

    said = str(error).strip().rstrip(".") or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return "does not answer"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached ({said})"
    if isinstance(error, httpx.TooManyRedirects):
        return "redirects without end"
    if isinstance(error, httpx.ReadError | httpx.RemoteProtocolError | httpx.WriteError):
        return f"broke the connection off ({said})"
    return said
