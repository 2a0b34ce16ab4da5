"""`hxd status` and `hxd doctor`."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.opening import opened
from hxd_desktop.cli.output import style
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError, StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hxd_desktop.engine.library.model import Check, FolderInfo, LibraryInfo, Repair, Status


def status(arguments: argparse.Namespace) -> int:
    """Print libraries, folders, the states of files, models and device."""
    with opened(arguments, writable=False) as assistant:
        found = assistant.status()
    libraries = [library for library in found.libraries if arguments.library in (None, library.name)]
    if arguments.library and not libraries:
        known = ", ".join(library.name for library in found.libraries) or "none yet"
        raise StorageError(
            "There is no such library",
            f"No library is named {arguments.library} (there is: {known}).",
            "Correct the name, or make it with hxd index FOLDER --library NAME.",
        )
    if arguments.json:
        output.emit(_status_record(found, libraries))
    else:
        for line in _status_lines(found, libraries):
            output.say(line)
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Print what was checked and what to do; 1 where something is not well."""
    from hxd_desktop.cli.window import check_window
    from hxd_desktop.engine.library.model import Check

    checks: list[Check] = []
    repairs: list[Repair] = []
    try:
        if arguments.repair:
            from hxd_desktop.engine.assistant import Assistant

            repairs = Assistant.repair(arguments.data_dir)
        with opened(arguments, writable=False) as assistant:
            checks += assistant.check(compare=arguments.check or arguments.repair)
    except HxdError as error:  # what cannot even be opened is what the doctor is for
        checks.append(Check("data directory", False, f"{error.title}. {error.message}", error.remedy))
    checks.append(check_window())
    if arguments.json:
        output.emit(
            {
                "checks": [
                    {"name": check.name, "ok": check.ok, "detail": check.detail, "remedy": check.remedy}
                    for check in checks
                ],
                "repairs": [{"name": repair.name, "detail": repair.detail} for repair in repairs],
            }
        )
    else:
        for repair in repairs:
            output.say(f"mended  {repair.name}: {text.one_line(repair.detail)}")
        for line in _check_lines(checks):
            output.say(line)
    return 0 if all(check.ok for check in checks) else 1


def _status_record(found: Status, libraries: Sequence[LibraryInfo]) -> dict[str, Any]:
    totals: Counter[str] = Counter()
    for library in libraries:
        totals.update(_states(library))
    return {
        "version": found.version,
        "data_dir": found.data_dir,
        "libraries": [
            {
                "name": library.name,
                "documents": library.documents,
                "states": _states(library),
                "chunks": library.chunks,
                "vectors_pending": library.vectors_pending,
                "bytes": library.bytes,
                "indexing": library.indexing,
                "paused": library.paused,
                "folders": [_folder_record(folder) for folder in library.folders],
            }
            for library in libraries
        ],
        "folders": [
            {"library": library.name, **_folder_record(folder)} for library in libraries for folder in library.folders
        ],
        "states": {state.value: totals.get(state.value, 0) for state in DocumentState},
        "models": dict(found.models),
        "device": dict(found.device),
        "ocr": None if found.ocr is None else dict(found.ocr),
        "writer_pid": found.writer_pid,
        "notices": list(found.notices),
    }


def _states(library: LibraryInfo) -> dict[str, int]:
    return {state.value: library.counts.get(state, 0) for state in DocumentState}


def _folder_record(folder: FolderInfo) -> dict[str, Any]:
    return {"path": folder.path, "state": folder.state.value, "detail": folder.detail, "ocr": folder.ocr}


def _note(folder: FolderInfo) -> str:
    return " ".join(filter(None, (folder.detail, "" if folder.ocr else "Scans are not read.")))


def _status_lines(found: Status, libraries: Sequence[LibraryInfo]) -> list[str]:
    lines = [style(f"HXD Desktop {found.version}", "bold") + f"  {text.one_line(found.data_dir)}"]
    if found.writer_pid is not None:
        lines.append(f"A running copy writes here (process {found.writer_pid}).")
    lines += [text.one_line(notice) for notice in found.notices]
    if not libraries:
        lines.append("No library yet: hxd index FOLDER makes one.")
    for library in libraries:
        doing = "paused" if library.paused else "indexing" if library.indexing else ""
        lines += ["", style(library.name, "bold") + (f"  {doing}" if doing else "")]
        states = {name: count for name, count in _states(library).items() if count}
        rows = [(name.replace("_", " "), text.number(count)) for name, count in states.items()]
        rows.append(("passages", text.number(library.chunks)))
        if library.vectors_pending:
            rows.append(("vectors to come", text.number(library.vectors_pending)))
        rows.append(("size", text.size(library.bytes)))
        lines += text.table(rows, right=(1,), indent="  ")
        lines += text.table(
            [(folder.state.value, folder.path, _note(folder)) for folder in library.folders], indent="  "
        )
    rows = [(kind, name or "-") for kind, name in found.models.items()]
    rows.append(("scans read by", " ".join(found.ocr.values()) if found.ocr else "-"))
    rows += [(_called(name), _value(name, value)) for name, value in found.device.items() if value not in (None, "")]
    return [*lines, "", *text.table(rows)]


# Of a device, what is also a kind of model, and what explains itself no more than its key does.
_DEVICE_NAMES = {
    "vectors": "vectors made on",
    "vectors_note": "",
    "generator": "answers made on",
    "llama_cpp": "llama.cpp",
}


def _called(name: str) -> str:
    return _DEVICE_NAMES.get(name, name.removesuffix("_bytes").replace("_", " "))


def _value(name: str, value: object) -> str:
    if name.endswith("_bytes") and isinstance(value, int):
        return text.size(value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "-"
    return "-" if value is None else str(value)


def _check_lines(checks: Sequence[Check]) -> list[str]:
    lines = []
    for check in checks:
        mark = style("ok    ", "green") if check.ok else style("not ok", "red", "bold")
        lines.append(f"{mark}  {check.name}: {text.one_line(check.detail)}")
        if not check.ok and check.remedy:
            lines.append(f"        {text.one_line(check.remedy)}")
    return lines
