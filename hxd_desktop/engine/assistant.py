"""The front door: open a data directory, add folders, ask, search, calibrate, evaluate."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.front.libraries import Libraries
from hxd_desktop.engine.front.models import Models
from hxd_desktop.engine.front.questions import OnStage, OnText, Questions
from hxd_desktop.engine.library.model import (
    Check,
    Repair,
    Status,
)
from hxd_desktop.engine.paths import DataDirectory, bundled
from hxd_desktop.engine.settings import Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.updates.checking import Updates

__all__ = ["Assistant", "OnStage", "OnText"]


class Assistant(Libraries, Questions, Models):
    """The engine of one data directory; made by `open`, used from any thread, ended by `close`."""

    _updates: Updates | None = None

    @classmethod
    def open(
        cls,
        data_dir: Path | str | None = None,
        *,
        writable: bool = True,
        will_index: bool = False,
        models: Path | None = None,
    ) -> Assistant:
        """Open (or make) a data directory.

        Args:
            data_dir: The folder, None for HXD_DATA_DIR or the platform's place.
            writable: Whether to take the writer lock.
            will_index: Start the parser processes at once, beside opening the database.
            models: The folder of models of another data directory, to use them from here.

        Raises:
            StorageError: another copy holds the writer lock (its process id is named), the schema is newer than
                this version, or the directory cannot be used.
            SettingsError: the settings file is not valid.
        """
        from hxd_desktop.engine.moving import finish_move
        from hxd_desktop.engine.opening import open_database

        directory = dataclasses.replace(DataDirectory.resolve(data_dir), shared_models=models)
        directory.create()
        settings = cls._first_settings(directory) or Settings.load(directory.settings)
        pool = None
        if will_index:
            from hxd_desktop.engine.library.parsing import ParserPool

            pool = ParserPool(settings.index, settings.chunks)
            pool.warm()
        try:
            database, lock = open_database(directory, writable=writable)
        except BaseException:
            if pool is not None:
                pool.close()
            raise
        if writable:
            finish_move(directory)
        return cls(directory, database, settings, lock, pool)

    @staticmethod
    def _first_settings(directory: DataDirectory) -> Settings | None:
        """Choose the models that came with the application, in a data directory that nothing was done in yet."""
        folder = bundled("models")
        if folder is None or directory.settings.exists() or directory.database.exists():
            return None
        from hxd_desktop.engine.models.shipped import choose_first

        settings = choose_first(folder, Settings())
        settings.save(directory.settings)
        return settings

    @staticmethod
    def repair(data_dir: Path | str | None = None) -> list[Repair]:
        """Mend a data directory that nobody uses, and return what was done; nothing where all was well.

        Raises:
            StorageError: another copy is at work, the schema is newer than this version, or nothing can be written.
        """
        from hxd_desktop.engine.repairing import repair_directory

        return repair_directory(DataDirectory.resolve(data_dir))

    @property
    def updates(self) -> Updates:
        """The search for newer versions, which asks nobody unless the settings allow it."""
        from hxd_desktop.engine.updates.checking import Updates

        if self._updates is None:
            self._updates = Updates(self.directory, lambda: self.settings.updates)
        return self._updates

    def status(self) -> Status:
        """Return libraries, models and device as they stand."""
        from hxd_desktop import __version__
        from hxd_desktop.engine.documents.ocr.engines import find_engine
        from hxd_desktop.engine.library.lock import writer_pid

        engine = find_engine(self.settings.documents.ocr_engine)
        return Status(
            __version__,
            str(self.directory.root),
            tuple(self.libraries()),
            self._models.in_use() | ({"remote": self.settings.remote.model} if self.settings.remote.allowed else {}),
            self._models.device(),
            writer_pid(self.directory),
            None if engine is None else {"engine": engine.name, "version": engine.version},
            self.settings.updates.allowed,
        )

    def check(self, *, compare: bool = False) -> list[Check]:
        """Look at machine, data directory, folders and models; with `compare`, also at what the index holds.

        Args:
            compare: Compare database, full text and vectors with each other; reads all of them.
        """
        from hxd_desktop.engine import doctor

        found = doctor.examine(self.directory, self.libraries(), self._models, self.settings)
        if compare:
            from hxd_desktop.engine.library.checks import check_consistency

            found += check_consistency(self._database, self._vectors)
            found.append(doctor.check_leftovers(self.directory))
        return found
