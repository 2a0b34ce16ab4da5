"""What a word of the command line may be; anything else is wrong usage, and said so."""

from __future__ import annotations

import argparse
import math
import os


def absolute(value: str) -> str:
    """Return a path in full; it need not be there."""
    if not value:
        raise argparse.ArgumentTypeError("a path is needed")
    return os.path.abspath(os.path.expanduser(value))


def address(value: str) -> str:
    """Return an http or https address."""
    if not value.lower().startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f"{value!r} is not an address like https://HOST")
    return value


def feed(value: str) -> str:
    """Return the address of a feed of releases, or "" for the one that is built in."""
    from hxd_desktop.engine.updates.addresses import is_usable

    if value and not is_usable(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not an address like https://HOST/releases")
    return value


def count(value: str) -> int:
    """Return a whole number of 1 or more."""
    try:
        found = int(value)
    except ValueError:
        found = 0
    if found < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of 1 or more")
    return found


def number(value: str) -> int:
    """Return the number of something that a list shows."""
    try:
        found = int(value)
    except ValueError:
        found = -1
    if not 0 <= found < 2**63:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number as the list shows it")
    return found


def folder(value: str) -> str:
    """Return a folder as it was given."""
    if not value:  # of a script's variable that is not set: the data of somebody else would be taken
        raise argparse.ArgumentTypeError("a folder is needed")
    return text(value)


def fraction(value: str) -> float:
    """Return a number from 0 to 1."""
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not 0.0 <= found <= 1.0:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 0 to 1")
    return found


def iso_date(value: str) -> str:
    """Return a date as YYYY-MM-DD."""
    import datetime

    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date like 2026-03-31") from None


def file_type(value: str) -> str:
    """Return the name of a type of file, without star and dot, in lower case."""
    kind = value.strip().removeprefix("*").removeprefix(".").lower()
    if not kind or not all(letter.isalnum() or letter in "+-_." for letter in kind):
        raise argparse.ArgumentTypeError(f"{value!r} is not a type of file like pdf or md")
    return kind


def language(value: str) -> str:
    """Return the language of a code such as "zh", "zh_CN" or "en-GB"."""
    code = value.strip().replace("_", "-").split("-")[0].lower()
    if not (code.isascii() and code.isalpha() and 2 <= len(code) <= 3):
        raise argparse.ArgumentTypeError(f"{value!r} is not a language code like zh or en")
    return code


def text(value: str) -> str:
    """What can be written as UTF-8: no bytes of another encoding."""
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise argparse.ArgumentTypeError(f"{value!r} is not text in UTF-8")
    return value
