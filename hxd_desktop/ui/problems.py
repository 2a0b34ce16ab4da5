"""What went wrong, as the window shows it: title, what happened, what to do, details to copy."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from hxd_desktop.engine.errors import HxdError
from hxd_desktop.ui.engine_words import said
from hxd_desktop.ui.i18n import t


@dataclass(frozen=True, slots=True)
class Problem:
    """A message for the banner; `severity` is "info", "warning" or "error", `link` an address to read more at."""

    title: str
    message: str
    remedy: str = ""
    details: str = ""
    severity: str = "error"
    link: str = ""


def problem_of(error: BaseException) -> Problem:
    """Turn an exception into a message: a known one speaks for itself, any other is a bug of ours."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, HxdError):
        return Problem(said(error.title), said(error.message), said(error.remedy), details)
    return Problem(
        t("Something unexpected happened"),
        t("This is a fault of the application, not of your documents."),
        t("Copy the details and report them; your documents and library are unharmed."),
        details,
    )
