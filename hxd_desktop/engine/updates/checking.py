"""Asks for a newer version, once a day at most, where the user wants it; what came of it is kept until the next time.

Nothing is downloaded or installed: a newer version is told, with the address of its notes.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from hxd_desktop import __version__
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import SettingsError, StorageError
from hxd_desktop.engine.paths import DataDirectory, assets
from hxd_desktop.engine.updates.fetching import NotFetched, fetch
from hxd_desktop.engine.updates.releases import UnreadableFeed, is_newer, newest_of

if TYPE_CHECKING:
    from hxd_desktop.engine.settings import UpdateSettings

log = logging.getLogger(__name__)

INTERVAL_S = 24 * 3600.0
FILE = "updates.json"
_FILE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What came of the last check; `checked`: seconds since 1970, 0 for never.

    `feed`: who was asked. `version`, `notes`: the newest release that any check has found, "" for none. `failed`: why
    the last one came to nothing, "" where it did not.
    """

    checked: float = 0.0
    feed: str = ""
    version: str = ""
    notes: str = ""
    failed: str = ""

    @property
    def newer(self) -> bool:
        """Whether the newest release comes after this version."""
        return bool(self.version) and is_newer(self.version, __version__)


def built_in_feed() -> str:
    """Return the feed that this application was built with; "" where it was built without one, as from the source."""
    try:
        return (assets() / "release" / "feed").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


class Updates:
    """Checks for one data directory; any thread may call any method, and two checks wait for each other.

    Args:
        directory: where what came of the last one is kept.
        settings: gives the settings in force.
    """

    def __init__(self, directory: DataDirectory, settings: Callable[[], UpdateSettings]) -> None:
        self._path = directory.root / FILE
        self._settings = settings
        self._one = threading.Lock()

    @property
    def allowed(self) -> bool:
        """Whether the settings let anything be asked."""
        return self._settings().allowed

    @property
    def feed(self) -> str:
        """Who is asked: the feed of the settings, else the one built in; "" where no feed is set."""
        return self._settings().feed.strip() or built_in_feed()

    def last(self) -> LastCheck:
        """Return what came of the last check of this feed; a file that cannot be read counts as none."""
        try:
            with open(self._path, "rb") as stream:
                kept = json.loads(stream.read(_FILE_BYTES))
            values = {field.name: kept[field.name] for field in fields(LastCheck)}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return LastCheck()
        checked = values.pop("checked")
        if isinstance(checked, bool) or not isinstance(checked, int | float):
            return LastCheck()
        if not all(isinstance(value, str) for value in values.values()) or values["feed"] != self.feed:
            return LastCheck()
        return LastCheck(float(checked), **values)

    def due(self) -> bool:
        """Whether a check is allowed, has somebody to ask, and the last one is a day ago."""
        if not self.allowed or not self.feed:
            return False
        since = time.time() - self.last().checked
        return not 0 <= since < INTERVAL_S  # a clock that was set back does not put it off for years

    def check_if_due(self, cancel: CancelToken) -> LastCheck:
        """Ask where that is due, and return what came of the last check; opens no connection otherwise."""
        with self._one:
            return self._ask(cancel) if self.due() else self.last()

    def check(self, cancel: CancelToken) -> LastCheck:
        """Ask now, whenever the last check was; what fails stands in the result.

        Raises:
            SettingsError: the settings do not let anything be asked, or no feed is set.
            StorageError: what came of it cannot be kept, so that it would be asked again and again.
            Cancelled: `cancel` was set.
        """
        if not self.allowed:
            raise SettingsError(
                "New versions are not looked for",
                "It is switched off.",
                "Switch it on in the settings, under Network, or with `hxd updates on`.",
            )
        if not self.feed:
            raise SettingsError(
                "New versions cannot be looked for",
                "No feed is set, and this application was built without one.",
                "Name a feed in the settings, under Network, or with `hxd updates on --feed URL`.",
            )
        with self._one:
            return self._ask(cancel)

    def _ask(self, cancel: CancelToken) -> LastCheck:
        before, feed, failed = self.last(), self.feed, ""
        version, notes = before.version, before.notes
        try:
            found = newest_of(fetch(feed, cancel), __version__)
            version, notes = found.version, found.notes
        except (NotFetched, UnreadableFeed) as error:
            failed = str(error)
            log.info("looking for a new version: %s", error)
        made = LastCheck(time.time(), feed, version, notes, failed)
        try:
            replace_file(self._path, json.dumps(asdict(made), indent=1).encode())
        except OSError as error:
            raise StorageError(
                "What was found about new versions cannot be kept",
                f"{self._path}: {error.strerror or error}.",
                "Free some space, or correct the permissions of the data directory.",
                self._path,
            ) from error
        return made
