"""What a feed of releases says: the newest version in it that is meant for everybody, and where its notes stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.updates.addresses import is_usable

if TYPE_CHECKING:
    from packaging.version import Version

_MOST_RELEASES = 1000
_VERSION_CHARS = 64


class UnreadableFeed(ValueError):  # noqa: N818 - what arrived is at fault, not the call
    """What a feed gave is no list of releases; the text says what it is, in a few words."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version as it is written in full ("1.2.0"), and the address of its notes, "" for none that may be shown."""

    version: str
    notes: str = ""


def newest_of(feed: bytes, current: str) -> Release:
    """Return the newest release of a feed.

    A feed is a JSON object, or a list of them, with the keys `version` and `notes`, or `tag_name` and `html_url` as
    the forges' lists of releases have them. Drafts are left out, and so are pre-releases unless `current` is one.
    What else it holds is not looked at; a release whose version cannot be read does not spoil the others.

    Raises:
        UnreadableFeed: it is not JSON of this form, or holds no version that can be read.
    """
    try:
        parsed = json.loads(feed)
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed("it is not JSON") from error
    rows = parsed if isinstance(parsed, list) else [parsed]
    with_previews = _version(current).is_prerelease
    best: tuple[Version, Release] | None = None
    for version, row in _readable(rows[:_MOST_RELEASES]):
        if (with_previews or not _is_preview(version, row)) and (best is None or version > best[0]):
            best = version, Release(str(version), _notes(row))
    if best is None:
        raise UnreadableFeed("it names no released version")
    return best[1]


def is_newer(version: str, current: str) -> bool:
    """Whether `version` comes after `current`; False where it cannot be read."""
    from packaging.version import InvalidVersion

    try:
        return _version(version) > _version(current)
    except InvalidVersion:
        return False


def _readable(rows: list[Any]) -> Iterator[tuple[Version, dict[str, Any]]]:
    from packaging.version import InvalidVersion

    for row in rows:
        if not isinstance(row, dict) or row.get("draft") is True:
            continue
        text = row.get("version", row.get("tag_name"))
        if not isinstance(text, str) or len(text) > _VERSION_CHARS or not text.isascii():
            continue
        try:
            yield _version(text), row
        except InvalidVersion:
            continue


def _is_preview(version: Version, row: dict[str, Any]) -> bool:
    return version.is_prerelease or row.get("prerelease") is True


def _notes(row: dict[str, Any]) -> str:
    address = row.get("notes", row.get("html_url"))
    return address if isinstance(address, str) and is_usable(address) else ""


def _version(text: str) -> Version:
    from packaging.version import Version

    return Version(text)
