"""The audit of the locks: what it makes of pip-audit's answers, and that it never takes silence for a clean bill."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from benchmarks import audit
from tests.support.http_server import Quiet, serving

HOLE = {"id": "PYSEC-2099-1", "fix_versions": ["99.0"], "aliases": ["CVE-2099-1"], "description": "A hole."}


def asked(tmp_path: Path, output: str, status: int = 0, error: str = "") -> audit.Found:
    """What is made of a pip-audit that prints `output`."""
    program = tmp_path / "program.py"
    program.write_text(f"import sys; sys.stderr.write({error!r}); print({output!r}); sys.exit({status})")
    found = audit.Found()
    audit.ask([sys.executable, str(program)], ["jinja2==3.1.6", "lxml==6.0"], found)
    return found


def answer(*vulns: dict[str, Any], **more: Any) -> str:
    rows = [
        {"name": "jinja2", "version": "3.1.6", "vulns": list(vulns)},
        {"name": "lxml", "version": "6.0", "vulns": []},
    ]
    return json.dumps({"dependencies": [*rows, *([more] if more else [])], "fixes": []})


def test_no_hole_is_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(tmp_path, answer())
    audit.report(found)
    assert found.status == 0 and capsys.readouterr().out == "2 versions: no hole is known.\n"


def test_a_hole_is_named_with_the_version_that_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(tmp_path, answer(HOLE), status=1, error="Found 1 known vulnerability in 1 package")
    audit.report(found)
    assert found.status == audit.HOLES
    assert "jinja2 3.1.6: PYSEC-2099-1, mended in 99.0. A hole.\n" in capsys.readouterr().out


def test_a_version_that_the_database_does_not_know_is_no_clean_bill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(tmp_path, answer(name="own", skip_reason="could not be audited"))
    audit.report(found)
    assert found.status == audit.UNKNOWN and "knows nothing of 1 versions: own" in capsys.readouterr().out


@pytest.mark.parametrize("output", ["", "{}", "[]", "<html>"])
def test_a_database_that_does_not_answer_is_no_clean_bill(
    tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(tmp_path, output, status=1, error="Traceback ...\nConnectionError: no route")
    audit.report(found)
    assert found.status == audit.UNKNOWN
    printed = capsys.readouterr().out
    assert "ConnectionError: no route" in printed and "no clean bill" in printed and "no hole" not in printed


def test_every_version_of_the_locks_is_asked_about_once() -> None:
    lists = audit.pins(sorted(audit.LOCKS.glob("*.txt")))
    every = [pin for part in lists for pin in part]
    assert len(every) == len(set(every)) > 100
    assert all(len({pin.split("==")[0].lower() for pin in part}) == len(part) for part in lists)


@pytest.mark.skipif(
    shutil.which("pip-audit") is None, reason="pip-audit is no dependency; it is used where it is there"
)
def test_with_the_real_pip_audit_and_a_server_that_speaks_osv(tmp_path: Path) -> None:
    class Osv(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            package = {"name": query["package"]["name"], "ecosystem": "PyPI"}
            ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]
            vuln = {"id": "PYSEC-2099-1", "published": "2099-01-01T00:00:00Z", "summary": "A hole.",
                    "affected": [{"package": package, "ranges": ranges}]}  # fmt: skip
            body = json.dumps({"vulns": [vuln]} if package["name"] == "jinja2" else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Osv) as address:
        words = [sys.executable, audit.__file__, "--url", f"{address}/v1/query", str(audit.LOCKS / "llm.txt")]
        done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == audit.HOLES, done.stderr
    assert "jinja2" in done.stdout and "mended in 99.0" in done.stdout
