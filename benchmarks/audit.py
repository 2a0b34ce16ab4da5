"""Asks a database of advisories about every version in the locks, through pip-audit; says so where none answers.

    python benchmarks/audit.py [--service osv|pypi] [--url URL] [LOCK...]

pip-audit is no dependency of the project: it is run from the path or by `uvx`. `--url` names another server that speaks
OSV's protocol. Exit status 0: no hole is known in any version; 1: one is; 3: not every version could be asked about,
and no hole is known in the others.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LOCKS = Path(__file__).parent.parent / "packaging" / "locks"
HOLES, UNKNOWN = 1, 3
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


@dataclass
class Found:
    """What was learnt: versions asked about, those that nothing is known of, holes as lines, and why nothing came."""

    asked: int = 0
    unknown: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    failed: str = ""

    @property
    def status(self) -> int:
        return HOLES if self.holes else UNKNOWN if self.failed or self.unknown else 0


def pins(files: list[Path]) -> list[list[str]]:
    """Return every name==version of the locks, once, in lists that hold no name twice."""
    versions: dict[str, list[str]] = {}
    for name, version in sorted({pin for file in files for pin in _PIN.findall(file.read_text("utf-8"))}):
        versions.setdefault(name.lower(), []).append(f"{name}=={version}")
    deepest = max(map(len, versions.values()), default=0)
    return [[found[n] for found in versions.values() if n < len(found)] for n in range(deepest)]


def ask(command: list[str], versions: list[str], found: Found) -> None:
    """Ask about versions of different packages."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "versions.txt"
        listed.write_text("\n".join(versions) + "\n", encoding="utf-8")
        options = ["--format", "json", "--progress-spinner", "off", "--no-deps", "--disable-pip", "-r", str(listed)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=900)
    found.asked += len(versions)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        # pip-audit prints nothing but a message or a traceback where its service does not answer.
        found.failed = next(reversed(done.stderr.strip().splitlines()), "pip-audit said nothing")
        return
    for row in rows:
        name = f"{row['name']} {row.get('version', '')}".strip()
        if "skip_reason" in row:
            found.unknown.append(name)
        for hole in row.get("vulns", []):
            fixed = ", ".join(hole.get("fix_versions", [])) or "no version yet"
            found.holes.append(f"{name}: {hole['id']}, mended in {fixed}. {hole.get('description', '')[:200]}".rstrip())


def report(found: Found) -> None:
    for hole in found.holes:
        print(hole)
    if found.failed:
        print(f"The database could not be asked: {found.failed}")
        print("Nothing was learnt about the versions that were not asked about: this is no clean bill.")
    if found.unknown:
        print(f"The database knows nothing of {len(found.unknown)} versions: {', '.join(found.unknown)}")
    known = f"known holes: {len(found.holes)}" if found.holes else "no hole is known"
    if not (found.failed and not found.holes):
        print(f"{found.asked} versions: {known}{' in the others' if found.unknown else ''}.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("locks", nargs="*", type=Path, metavar="LOCK")
    parser.add_argument("--service", choices=("osv", "pypi"), default="osv")
    parser.add_argument("--url", help="a server that speaks OSV's protocol")
    options = parser.parse_args()
    command = [tool] if (tool := shutil.which("pip-audit")) else ["uvx", "--quiet", "pip-audit"]
    if not shutil.which(command[0]):
        print("pip-audit is not here: install it, or uv, which runs it. Nothing was learnt.")
        sys.exit(UNKNOWN)
    command += ["--vulnerability-service", options.service, *(["--osv-url", options.url] if options.url else [])]
    found = Found()
    for versions in pins(options.locks or sorted(LOCKS.glob("*.txt"))):
        ask(command, versions, found)
        if found.failed:
            break
    report(found)
    sys.exit(found.status)


if __name__ == "__main__":
    main()
