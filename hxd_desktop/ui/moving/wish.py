"""What a move needs to know: where to, and which folders are watched. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.move_checks import Plan, plan_move

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

_NAME = "hxd-desktop"


@dataclass(frozen=True, slots=True)
class MoveWish:
    """A move that was checked and agreed to."""

    plan: Plan
    watched: tuple[Path, ...]


def wish_to(assistant: Assistant, chosen: Path) -> MoveWish:
    """Check a move to the folder that was chosen; into a new folder inside it where it holds something already.

    Raises:
        StorageError: it cannot be moved there.
    """
    watched = tuple(Path(folder.path) for library in assistant.libraries() for folder in library.folders)
    full = chosen.is_dir() and any(chosen.iterdir())
    return MoveWish(plan_move(assistant.directory, chosen / _NAME if full else chosen, watched), watched)
