"""A combination of keys as the settings write it, `Ctrl+Alt+Space`; each system has its own names for the parts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

_MODIFIERS = (
    ("ctrl", Qt.KeyboardModifier.ControlModifier),
    ("alt", Qt.KeyboardModifier.AltModifier),
    ("shift", Qt.KeyboardModifier.ShiftModifier),
    ("meta", Qt.KeyboardModifier.MetaModifier),
)
_FUNCTION_KEYS = {f"F{n}" for n in range(1, 25)}
_NAMED = (
    frozenset("Space Return Tab Backspace Ins Del Home End PgUp PgDown Left Right Up Down Print Pause".split())
    | _FUNCTION_KEYS
)  # as Qt writes them


@dataclass(frozen=True, slots=True)
class Combination:
    """`modifiers`: of "ctrl", "alt", "shift", "meta". `key`: a letter A to Z, a digit, or a name in Qt's spelling."""

    modifiers: frozenset[str]
    key: str

    @property
    def text(self) -> str:
        """As the settings keep it."""
        order = [name for name, _ in _MODIFIERS if name in self.modifiers]
        return "+".join([*(name.capitalize() for name in order), self.key])

    @property
    def shown(self) -> str:
        """As this system writes it for people: ⇧⌘Space on macOS."""
        return QKeySequence(self.text).toString(QKeySequence.SequenceFormat.NativeText)


def parse(text: str) -> Combination | None:
    """Read a combination; None where it is none that a whole system can spare.

    It is one key, a letter, a digit or one with a name, with Ctrl, Alt or Meta held; a function key needs none of them.
    """
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return None
    pressed: QKeyCombination = sequence[0]  # type: ignore[index]
    held = pressed.keyboardModifiers()
    if held & Qt.KeyboardModifier.KeypadModifier:
        return None
    key = QKeySequence(pressed.key()).toString(QKeySequence.SequenceFormat.PortableText)
    plain = len(key) == 1 and key.isascii() and key.isalnum()
    if not plain and key not in _NAMED:
        return None
    modifiers = frozenset(name for name, flag in _MODIFIERS if held & flag)
    if not modifiers & {"ctrl", "alt", "meta"} and key not in _FUNCTION_KEYS:
        return None
    return Combination(modifiers, key)
