"""A mail as it was read, whatever file it came in."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_DEPTH = 4  # mails within mails


@dataclass(slots=True)
class Letter:
    """One mail, whatever file it came in."""

    subject: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    html: str = ""
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    enclosed: list[Letter] = field(default_factory=list)
