"""`hxd backup` and `hxd restore`: a data directory in one file, and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt


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
