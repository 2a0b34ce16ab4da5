"""Numbers, sizes and times as the window writes them, in the language's own way."""

from __future__ import annotations

import os

from PySide6.QtCore import QDateTime, QLocale

from hxd_desktop.ui.harmless import shown
from hxd_desktop.ui.i18n import plural, t


def count(n: int) -> str:
    """A whole number with separators."""
    return QLocale().toString(n)


def size(n_bytes: float) -> str:
    """A size such as "4.2 MB"."""
    return QLocale().formattedDataSize(int(n_bytes), 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def score(value: float) -> str:
    """A score with two decimals."""
    return QLocale().toString(float(value), "f", 2)


def decimal(value: float, decimals: int) -> str:
    """A number with so many decimals."""
    return QLocale().toString(float(value), "f", decimals)


def milliseconds(ms: float) -> str:
    """A time such as "3.1 ms" or "1.2 s"."""
    if ms < 1000:
        return t("{n} ms", n=QLocale().toString(float(ms), "f", 1 if ms < 10 else 0))
    return t("{n} s", n=QLocale().toString(ms / 1000, "f", 1))


def time_left(seconds: float) -> str:
    """How long something still takes, rounded to what a person wants to know."""
    if seconds < 60:
        return plural(max(1, round(seconds)), "{n} s left", "{n} s left")
    if seconds < 3600:
        return plural(round(seconds / 60), "{n} min left", "{n} min left")
    return t("{h} h {m} min left", h=count(int(seconds // 3600)), m=count(round(seconds % 3600 / 60)))


def when(epoch_seconds: float, now: float | None = None) -> str:
    """A moment: the time today, the day of the week in the last week, else the date."""
    moment, locale = QDateTime.fromSecsSinceEpoch(int(epoch_seconds)), QLocale()
    today = QDateTime.fromSecsSinceEpoch(int(now)) if now is not None else QDateTime.currentDateTime()
    days = moment.date().daysTo(today.date())
    if days <= 0:
        return locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if days < 7:
        return locale.toString(moment, "ddd")
    return locale.toString(moment.date(), QLocale.FormatType.ShortFormat)


def short_path(path: str, home: str | None = None) -> str:
    """A path with the home folder as "~", on one line."""
    home = home if home is not None else os.path.expanduser("~")
    if home not in ("", os.sep) and (path == home or path.startswith(home + os.sep)):
        return shown("~" + path[len(home) :])
    return shown(path)


def duration(seconds: float) -> str:
    """How long something takes, rounded to what a person wants to know."""
    if seconds < 90:
        return plural(max(1, round(seconds)), "{n} second", "{n} seconds")
    if seconds < 5400:
        return plural(round(seconds / 60), "{n} minute", "{n} minutes")
    return t("{n} hours", n=decimal(seconds / 3600, 1))
