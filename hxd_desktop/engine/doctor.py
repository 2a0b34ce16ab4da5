"""Is the machine fit, can the data directory be used, are folders and models there; and what to do where not."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine import leftovers
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.engines import INSTALL, find_engine
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library.model import Check, FolderState, LibraryInfo
from hxd_desktop.engine.models.names import BUILTIN, EXTRACTIVE
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import DocumentSettings, Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.models.active import ActiveModels

MEMORY_NEEDED_BYTES = 1_000_000_000
DISK_NEEDED_BYTES = 500_000_000
_REPAIR = "Run `hxd doctor --repair`."
_NEED_NOTHING = frozenset({BUILTIN, EXTRACTIVE})


def examine(
    directory: DataDirectory, libraries: Sequence[LibraryInfo], models: ActiveModels, settings: Settings
) -> list[Check]:
    """Return a line for each thing that was looked at; nothing is loaded or changed."""
    return [
        check_machine(models),
        check_sqlite(),
        check_data_directory(directory),
        check_privacy(directory),
        check_folders(libraries),
        check_models(models),
        check_language_model(models),
        check_scans(libraries, settings.documents),
    ]


def check_machine(models: ActiveModels) -> Check:
    """Cores and memory; less than `MEMORY_NEEDED_BYTES` free is too little to index in comfort."""
    device = models.device()
    free = int(device["memory_available_bytes"])
    detail = (
        f"Python {sys.version.split()[0]}, {device['cores']} cores, "
        f"{_gigabytes(int(device['memory_bytes']))} of memory, {_gigabytes(free)} free"
    )
    fits = free >= MEMORY_NEEDED_BYTES
    return Check(
        "machine", fits, detail, "" if fits else "Close other programs, or lower index.workers in the settings."
    )


def check_sqlite() -> Check:
    """The database engine has full-text search."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError as error:
        remedy = "Run python3 bootstrap.py again: it installs a Python whose SQLite has it."
        return Check("SQLite", False, f"SQLite {sqlite3.sqlite_version} has no full-text search: {error}", remedy)
    finally:
        connection.close()
    return Check("SQLite", True, f"SQLite {sqlite3.sqlite_version} with full-text search")


def check_data_directory(directory: DataDirectory) -> Check:
    """There is room where everything is kept."""
    free = shutil.disk_usage(directory.root).free
    fits = free >= DISK_NEEDED_BYTES
    remedy = "" if fits else "Free some space, or move the data directory to a larger disk and name it with --data-dir."
    return Check("data directory", fits, f"{directory.root}, {_gigabytes(free)} free", remedy)


def check_privacy(directory: DataDirectory) -> Check:
    """Nobody else on this machine can read what is kept."""
    found = leftovers.find_public(directory)
    detail = f"others on this machine can reach {found[0]}" if found else "only you can reach what is kept"
    return Check("privacy", not found, detail, _REPAIR if found else "")


def check_leftovers(directory: DataDirectory) -> Check:
    """Nothing is left of a process that was killed."""
    names = [str(path.relative_to(directory.root)) for path in leftovers.find_leftovers(directory)]
    return Check("leftovers", not names, ", ".join(names) or "none", _REPAIR if names else "")


def check_folders(libraries: Sequence[LibraryInfo]) -> Check:
    """Every folder can be reached."""
    folders = [folder for library in libraries for folder in library.folders]
    away = [folder.path for folder in folders if folder.state is FolderState.OFFLINE]
    polled = [folder.path for folder in folders if folder.state is FolderState.POLLING]
    detail = "1 folder" if len(folders) == 1 else f"{len(folders)} folders"
    if away:
        detail += f"; offline: {', '.join(away)}"
    if polled:
        detail += f"; looked at now and then instead of watched: {', '.join(polled)}"
    remedy = "Connect or mount it; until then its index is kept. Or remove it from its library in the window."
    return Check("folders", not away, detail, remedy if away else "")


def check_models(models: ActiveModels) -> Check:
    """The models that the settings name are there."""
    used = {kind: name for kind, name in models.in_use().items() if name}
    try:
        known = _NEED_NOTHING | {model["id"] for model in models.list()}
    except HxdError as error:
        return Check("models", False, f"{error.title}. {error.message}", error.remedy)
    missing = sorted(name for name in used.values() if name not in known)
    detail = ", ".join(f"{kind} {name}" for kind, name in used.items())
    if missing:
        detail += f"; not there: {', '.join(missing)}"
    remedy = "Import it again with hxd models import PATH, or choose another with hxd models use ID."
    return Check("models", not missing, detail, remedy if missing else "")


def check_language_model(models: ActiveModels) -> Check:
    """A chosen language model has llama.cpp to run on; without one answers are quotations, which is no fault."""
    version = models.device()["llama_cpp"]
    if version is not None:
        backends = ", ".join(models.device()["gpu"]) or "processor"
        return Check("llama.cpp", True, f"llama-cpp-python {version} ({backends})")
    needed = models.in_use().get("generator") not in (None, EXTRACTIVE)
    remedy = "Run python3 bootstrap.py llm, which builds it, or choose quotations: hxd models use extractive."
    return Check("llama.cpp", not needed, "not installed: answers are quotations", remedy if needed else "")


def check_scans(libraries: Sequence[LibraryInfo], documents: DocumentSettings) -> Check:
    """An engine reads scans, where there are any that wait for one."""
    engine = find_engine(documents.ocr_engine)
    if documents.ocr == "off":
        return Check("scans", True, "not read: switched off in the settings (documents.ocr)")
    if engine is not None:
        return Check("scans", True, f"read by {engine.id}")
    waiting = sum(library.counts.get(DocumentState.NEEDS_OCR, 0) for library in libraries)
    detail = "no engine to read them"
    if documents.ocr_engine != "auto":
        detail = f"{documents.ocr_engine}, which the settings name, is not there (documents.ocr_engine)"
    if waiting:
        detail += f"; {waiting} files wait for one"
    return Check("scans", not waiting, detail, INSTALL if waiting else "")


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
