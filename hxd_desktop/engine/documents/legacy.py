"""Old DOC and PPT: converted by LibreOffice where it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from hxd_desktop.engine.documents.model import ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, Unsupported, damaged
from hxd_desktop.engine.documents.slides import parse_pptx
from hxd_desktop.engine.documents.word import parse_docx

# Well below the time that a parser process has, so that LibreOffice never outlives it.
_TIMEOUT_S = 60.0
_USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)


def parse_doc(data: bytes) -> ParsedDocument:
    """Parse an old Word document.

    Raises:
        Unsupported: LibreOffice is not installed.
        Unreadable: LibreOffice cannot read it either, or takes too long.
    """
    return parse_docx(_convert(data, "doc", "docx", "a Word document"))


def parse_ppt(data: bytes) -> ParsedDocument:
    """Parse an old PowerPoint presentation.

    Raises:
        Unsupported: LibreOffice is not installed.
        Unreadable: LibreOffice cannot read it either, or takes too long.
    """
    return parse_pptx(_convert(data, "ppt", "pptx", "a PowerPoint presentation"))


def find_libreoffice() -> str | None:
    """Return the path of LibreOffice's program, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next((place for place in _USUAL_PLACES if os.access(place, os.X_OK)), None)


def _convert(data: bytes, source: str, target: str, called: str) -> bytes:
    program = find_libreoffice()
    if program is None:
        raise Unsupported(
            f"It is in the old .{source} format, which only LibreOffice reads.",
            f"Install LibreOffice, or save it as .{target}.",
        )
    with tempfile.TemporaryDirectory(prefix="hxd-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        document = home / f"document.{source}"
        document.write_bytes(data)
        # A profile of its own: a LibreOffice that the user has open would take the job over and return at once.
        command = [
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            folder,
            str(document),
        ]
        flags = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))  # Windows: no console flashes up
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=flags,
                start_new_session=True,  # `soffice` is a script that starts others: they end together
            )
            try:
                process.wait(_TIMEOUT_S)
            finally:
                _end(process)
        except subprocess.TimeoutExpired as error:
            raise Unreadable("LibreOffice took too long to convert it.", f"Save it as .{target}.") from error
        except OSError as error:
            raise Unsupported(f"LibreOffice could not be started: {error.strerror}.", "Install it again.") from error
        converted = document.with_suffix(f".{target}")
        if not converted.is_file():
            raise damaged(called)
        return converted.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of those that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
