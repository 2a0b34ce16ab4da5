"""Where things stand inside the data directory; nothing is written outside it."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.moved import POINTER, check_whole, follow


def assets() -> Path:
    """Return the folder of what ships with the application: icons, translations, samples, weights."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "assets"  # an installed wheel keeps them inside the package
    return inside if inside.is_dir() else package.parent / "assets"


def bundled(name: str) -> Path | None:
    """Return a folder that a bundle may bring besides (`licences`, `models`); None where it does not, or is none."""
    inside = getattr(sys, "_MEIPASS", None)
    folder = Path(inside) / name if inside else None
    return folder if folder is not None and folder.is_dir() else None


DATABASE_NAME = "library.sqlite3"


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The one folder that holds everything the application keeps.

    `shared_models`: another data directory's folder of models, which is used in place of an own one.
    `named`: how it was asked for, where it has been moved from there.
    """

    root: Path
    shared_models: Path | None = None
    named: Path | None = None

    @classmethod
    def resolve(cls, explicit: Path | str | None = None) -> DataDirectory:
        """Take `explicit`, else HXD_DATA_DIR, else the platform's place for user data; follow it if it was moved.

        Raises:
            StorageError: where it was moved to cannot be read.
        """
        chosen = explicit or os.environ.get("HXD_DATA_DIR")
        if chosen:
            named = Path(chosen).expanduser().absolute()
        else:
            import platformdirs

            named = platformdirs.user_data_path("hxd-desktop", appauthor=False)
        root = follow(named)
        return cls(root, named=named if root != named else None)

    @property
    def away(self) -> bool:
        """Whether it was moved to a place that is not there now, a drive that is not connected."""
        return self.named is not None and not self.database.exists()

    def create(self) -> None:
        """Make the folder and its parts, private to the user.

        Raises:
            StorageError: it cannot be made or written, a move into it was not finished, or it is away.
        """
        if self.away:
            raise StorageError(
                "The data directory is not there",
                f"It was moved to {self.root}.",
                f"Connect that drive. To begin anew, delete {POINTER} in {self.named}.",
                self.root,
            )
        check_whole(self.root)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_private()
            for folder in (self.vectors, self.models, self.logs):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StorageError(
                "The data directory cannot be used",
                f"{self.root}: {error.strerror or error}.",
                "Choose another folder with --data-dir or HXD_DATA_DIR, or correct its permissions.",
                self.root,
            ) from error

    def _make_private(self) -> None:
        """Shut others out of a folder that is ours alone: one that was there, empty or with files of ours."""
        mode = self.root.stat().st_mode
        if os.name == "nt" or not mode & 0o077 or mode & stat.S_ISVTX:
            return
        if self.database.exists() or self.settings.exists() or not any(self.root.iterdir()):
            with contextlib.suppress(PermissionError):  # it belongs to somebody else
                self.root.chmod(0o700)

    @property
    def database(self) -> Path:
        """The SQLite file that holds the truth."""
        return self.root / DATABASE_NAME

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.toml"

    @property
    def writer_lock(self) -> Path:
        """Locked by the one process that writes."""
        return self.root / "writer.lock"

    @property
    def vectors(self) -> Path:
        """Folder of the derived USearch indexes."""
        return self.root / "vectors"

    @property
    def models(self) -> Path:
        """Folder of imported models."""
        return self.shared_models or self.root / "models"

    @property
    def logs(self) -> Path:
        """Folder of log files."""
        return self.root / "logs"
