"""`hxd backup`, `hxd restore`, `hxd move-data`: a data directory in one file and back, and in another place."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt

if TYPE_CHECKING:
    from hxd_desktop.engine.paths import DataDirectory

_STEPS = {"copy": "copying", "check": "checking"}


def backup(arguments: argparse.Namespace) -> int:
    """Write the data directory into a file; other copies may work meanwhile."""
    from hxd_desktop.engine.backup import back_up
    from hxd_desktop.engine.paths import DataDirectory

    with Interrupt() as interrupt:
        made = interrupt.run(
            lambda token: back_up(
                DataDirectory.resolve(arguments.data_dir), Path(arguments.file), models=arguments.models, cancel=token
            )
        )
    if arguments.json:
        output.emit({"file": str(made.path), "files": made.files, "bytes": made.bytes, "models": made.models})
    else:
        with_models = "with the models" if made.models else "without the models"
        output.say(f"{text.one_line(str(made.path))}: {made.files} files, {text.size(made.bytes)}, {with_models}")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Unpack a backup into the data directory, which must be missing or empty."""
    from hxd_desktop.engine.backup import restore as unpack
    from hxd_desktop.engine.paths import DataDirectory

    folder = DataDirectory.resolve(arguments.data_dir).root
    with Interrupt() as interrupt:
        made = interrupt.run(lambda token: unpack(Path(arguments.file), folder, cancel=token))
    _tell_of_remote(folder)
    if arguments.json:
        output.emit({"data_dir": str(made.path), "files": made.files, "bytes": made.bytes, "models": made.models})
    else:
        output.say(f"Restored {made.files} files, {text.size(made.bytes)}, into {text.one_line(str(made.path))}")
    return 0


def _tell_of_remote(folder: Path) -> None:
    """A backup may come from elsewhere, and its settings may send questions elsewhere: that is said."""
    from hxd_desktop.engine.errors import SettingsError
    from hxd_desktop.engine.settings import Settings

    try:
        remote = Settings.load(folder / "settings.toml").remote
    except SettingsError:
        return  # told whenever the folder is opened
    if remote.allowed:
        output.note(
            f"These settings ask a remote model at {text.one_line(remote.url)}. `hxd remote off` turns that off."
        )


def move_data(arguments: argparse.Namespace) -> int:
    """Move the data directory; what named it before leads to the new place."""
    from hxd_desktop.cli.progress import Line
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.moving import move
    from hxd_desktop.engine.paths import DataDirectory

    directory, line = DataDirectory.resolve(arguments.data_dir), Line()

    def progress(step: str, done: int, total: int) -> None:
        if step in _STEPS and total:
            line.show(f"{_STEPS[step]} {text.size(done)} of {text.size(total)}")

    try:
        with Interrupt() as interrupt:
            made = interrupt.run(
                lambda token: move(
                    directory, Path(arguments.path), watched=_watched(directory), progress=progress, cancel=token
                )
            )
    finally:
        line.clear()
    # Once the new one has opened, nothing needs the old one any more.
    Assistant.open(arguments.data_dir).close()
    if arguments.json:
        output.emit({"data_dir": str(made.target), "from": str(made.source), "files": made.files, "bytes": made.bytes})
    else:
        output.say(f"Moved {made.files} files, {text.size(made.bytes)}, to {text.one_line(str(made.target))}")
    return 0


def _watched(directory: DataDirectory) -> list[Path]:
    """The folders of all libraries."""
    from hxd_desktop.engine.assistant import Assistant

    if not directory.database.exists():
        return []
    assistant = Assistant.open(directory.root, writable=False)
    try:
        return [Path(folder.path) for library in assistant.libraries() for folder in library.folders]
    finally:
        assistant.close()
