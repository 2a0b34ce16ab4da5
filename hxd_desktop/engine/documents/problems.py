"""Why a document was not read, as parsers report it."""

from __future__ import annotations

from hxd_desktop.engine.errors import DocumentError


class Unreadable(DocumentError):  # noqa: N818 - named like the states they lead to
    """The document is of a known format but cannot be read: it ends as failed, with `message` as the reason."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__("A document cannot be read", message, remedy)


class Unsupported(DocumentError):  # noqa: N818
    """The document is of a format that is not read here: it ends as skipped, with `message` as the reason."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__("A document is skipped", message, remedy)


def password_protected() -> Unreadable:
    """The one wording for every format."""
    return Unreadable("It is protected by a password.", "Save a copy without the password to have it indexed.")


def damaged(kind: str) -> Unreadable:
    """`kind` as in "a PDF", "a Word document"."""
    return Unreadable(f"It is named like {kind} or begins like one, but its content is damaged.")


def too_much_inside() -> Unreadable:
    """A decompression bomb, or a file that is as large as one once it is unpacked."""
    return Unreadable("It unpacks to far more data than a document of its size should hold.")
