"""Errors that a person can act on.

Foreign exceptions are translated into these once, at the border where they arise.
A refusal is a result, never an exception. Anything that is not an `HxdError` is a bug.
"""

from __future__ import annotations

from pathlib import Path


class HxdError(Exception):
    """Something went wrong that the user can understand and mend.

    Args:
        title: What went wrong, in a few words.
        message: What happened, in a sentence.
        remedy: What to do about it.
        path: The file or folder concerned, if any.
    """

    def __init__(self, title: str, message: str, remedy: str, path: Path | None = None) -> None:
        super().__init__(f"{title}: {message} {remedy}")
        self.title = title
        self.message = message
        self.remedy = remedy
        self.path = path


class DocumentError(HxdError):
    """A document could not be read."""


class StorageError(HxdError):
    """The data directory, the database or an index could not be used."""


class ModelError(HxdError):
    """A model could not be loaded or failed while computing."""


class SettingsError(HxdError):
    """A setting or an argument is not valid."""


class WatchError(HxdError):
    """A folder could not be watched or scanned."""


class Cancelled(Exception):  # noqa: N818 - an outcome that was asked for, not an error
    """The user stopped the work; stands apart from errors."""


def unreadable(error: Exception) -> str:
    """Say in a few words why something could not be read or written, without Python's own spelling of it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, UnicodeDecodeError):
        return "it is not in UTF-8"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error)
