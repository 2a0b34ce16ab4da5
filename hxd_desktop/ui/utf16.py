"""Qt counts UTF-16 units: a character outside the basic plane is two."""

from __future__ import annotations


def units(text: str) -> int:
    """How many units a text has."""
    return len(text) + astral(text)


def astral(text: str) -> int:
    """How many units a text has beyond one a character."""
    return sum(1 for character in text if ord(character) > 0xFFFF) if not text.isascii() else 0
