"""Asks pip-audit about every version in the locks, where its database can be reached; says so where it cannot.

    python benchmarks/audit.py [LOCK...]

pip-audit is no dependency of the project: it is run by `uvx` or from the path. Exit status 1 where a hole is known.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOCKS = Path(__file__).parent.parent / "packaging" / "locks"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def pins(files: list[Path]) -> list[list[str]]:
    """Return every name==version of the locks, once, in lists that hold no name twice."""
    versions: dict[str, list[str]] = {}
    for name, version in sorted({pin for file in files for pin in _PIN.findall(file.read_text("utf-8"))}):
        versions.setdefault(name.lower(), []).append(f"{name}=={version}")
    deepest = max(map(len, versions.values()), default=0)
    return [[found[n] for found in versions.values() if n < len(found)] for n in range(deepest)]


def main() -> None:
    command = [tool] if (tool := shutil.which("pip-audit")) else ["uvx", "--quiet", "pip-audit"]
    if not shutil.which(command[0]):
        sys.exit("pip-audit is not here: install it, or uv, which runs it.")
    status = 0
    for found in pins([Path(name) for name in sys.argv[1:]] or sorted(LOCKS.glob("*.txt"))):
        print(f"{len(found)} versions")
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
            listed.write("\n".join(found) + "\n")
            listed.flush()
            options = ["--progress-spinner", "off", "--no-deps", "--disable-pip", "-r", listed.name]
            done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=600)
        unknown = done.stdout.count("could not be audited")
        if unknown:
            print(f"{unknown} of them are unknown to the database that answers here: nothing was learnt about those")
        print("\n".join(line for line in done.stdout.splitlines() if "could not be audited" not in line))
        if done.returncode and "Found" not in done.stderr + done.stdout:
            print(f"the database could not be asked: {''.join(done.stderr.strip().splitlines()[-1:])}")
        else:
            status |= done.returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
