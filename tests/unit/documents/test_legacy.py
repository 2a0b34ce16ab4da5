from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from hxd_desktop.engine.documents import legacy
from hxd_desktop.engine.documents.problems import Unreadable, Unsupported
from tests.support.library import wait_for
from tests.unit.documents.made import compound_file, docx_of

DOC = compound_file({"WordDocument": b"old"})


@pytest.fixture
def without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(legacy, "_USUAL_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, code: str) -> None:
    """A stand-in for LibreOffice's program: Python with the arguments in `arguments`."""
    script = folder / "soffice"
    script.write_text(f"#!{sys.executable}\nimport sys, pathlib, time\narguments = sys.argv[1:]\n{code}\n", "utf-8")
    script.chmod(0o755)


def test_without_libreoffice_it_is_skipped_with_the_remedy(without_libreoffice: Path) -> None:
    for parse, suffix in ((legacy.parse_doc, "docx"), (legacy.parse_ppt, "pptx")):
        with pytest.raises(Unsupported) as raised:
            parse(DOC)
        assert raised.value.remedy == f"Install LibreOffice, or save it as .{suffix}."


@pytest.mark.skipif(os.name == "nt", reason="a script cannot stand in for a program there")
class TestWithAStandIn:
    def test_it_converts(self, without_libreoffice: Path) -> None:
        converted = without_libreoffice / "converted"
        converted.write_bytes(docx_of("<w:p><w:r><w:t>old text</w:t></w:r></w:p>"))
        install(
            without_libreoffice,
            "assert pathlib.Path(arguments[-1]).read_bytes()[:4] == bytes.fromhex('d0cf11e0')\n"
            "assert '--headless' in arguments\n"
            "out = pathlib.Path(arguments[arguments.index('--outdir') + 1]) / 'document.docx'\n"
            f"out.write_bytes(pathlib.Path({str(converted)!r}).read_bytes())",
        )
        assert legacy.parse_doc(DOC).text == "old text"

    def test_it_gives_nothing(self, without_libreoffice: Path) -> None:
        install(without_libreoffice, "sys.exit(1)")
        with pytest.raises(Unreadable, match="damaged"):
            legacy.parse_doc(DOC)

    def test_it_hangs(self, without_libreoffice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(legacy, "_TIMEOUT_S", 0.2)
        install(without_libreoffice, "time.sleep(60)")
        with pytest.raises(Unreadable, match="too long"):
            legacy.parse_doc(DOC)

    def test_what_it_started_ends_with_it(self, without_libreoffice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(legacy, "_TIMEOUT_S", 1.0)
        told = without_libreoffice / "child"
        install(
            without_libreoffice,
            "import subprocess\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"pathlib.Path({str(told)!r}).write_text(str(child.pid))\n"
            "time.sleep(60)",
        )
        with pytest.raises(Unreadable, match="too long"):
            legacy.parse_doc(DOC)
        child = int(told.read_text())
        wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
