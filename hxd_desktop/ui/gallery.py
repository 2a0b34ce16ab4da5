"""Pictures of the window from the real widgets, without a screen: `python -m hxd_desktop.ui.gallery OUT`.

Importing this module loads no Qt.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.errors import HxdError

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Answer
    from hxd_desktop.engine.assistant import Assistant


def render_window(
    assistant: Assistant,
    exchanges: Iterable[tuple[str, Answer]],
    file: Path,
    *,
    theme: str = "light",
    language: str = "",
    size: tuple[int, int] = (1600, 1000),
) -> Path:
    """Draw the window with a conversation into a PNG and return its path; call on the main thread.

    Args:
        assistant: an open engine; it stays open.
        exchanges: (question, answer) pairs, oldest first.
        file: where the picture is put.
        theme: "light" or "dark".
        language: "en", "zh_CN", or "" for the system's.
        size: width and height in pixels.

    Raises:
        HxdError: Qt cannot be loaded here; the remedy names what is missing.
        StorageError: the file cannot be written.
    """
    prepare()
    from hxd_desktop.ui.studio import studio

    with studio(theme, language, size) as made:
        made.show_engine(assistant)
        made.show_exchanges(exchanges)
        made.save(file)
    return file


def prepare() -> None:
    """Let Qt draw without a screen, unless it already runs.

    Raises:
        HxdError: Qt cannot be loaded here.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        import PySide6.QtWidgets  # noqa: F401 - loads the system's libraries
    except ImportError as error:
        raise HxdError(
            "The window cannot be drawn",
            f"Qt could not be loaded: {error}.",
            "Install the missing library (on Debian and Ubuntu: apt-get install libegl1 libxkbcommon0 libdbus-1-3).",
        ) from error


def main(arguments: list[str] | None = None) -> int:
    """Draw every state in both themes, both languages and two sizes; return 1 where something is cut in one."""
    parser = argparse.ArgumentParser(description="Draw every state of the window without a screen.")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--only", metavar="TEXT", nargs="+", default=[""], help="pictures whose name holds a TEXT")
    parser.add_argument("--scale", metavar="PERCENT", type=int, default=100, help="the screen's, 100 to 200")
    parser.add_argument("--size", metavar="WxH", type=_size, nargs="+", help="of the window, in logical pixels")
    parser.add_argument("--points", type=float, default=10.0, help="size of the font")
    parser.add_argument("--manual", action="store_true", help="the pictures of the read me and the guides")
    chosen = parser.parse_args(arguments)
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale / 100)  # Qt reads it once
    prepare()
    from hxd_desktop.ui.scenes import SIZES, draw_all, draw_manual

    chosen.out.mkdir(parents=True, exist_ok=True)
    whole = True
    drawn = draw_all(chosen.out, chosen.only, chosen.size or SIZES, chosen.points)
    for file, cut in draw_manual(chosen.out) if chosen.manual else drawn:
        sys.stdout.write(f"{file}\n")
        for text in cut:
            whole = False
            sys.stderr.write(f"{file.name}: cut: {text}\n")
    return 0 if whole else 1


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


if __name__ == "__main__":
    raise SystemExit(main())
