"""Collects the licences of everything in the bundle, from its environment: `licences.py FOLDER`."""

import os
import sys
from importlib import metadata
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("licen", "copying", "notice", "authors", "copyright", "thirdparty", "third_party", "third-party")
# In the environment in order to build; not in the bundle.
TOOLS = {"altgraph", "pyinstaller-hooks-contrib", "setuptools", "packaging", "pip", "pefile", "macholib"}


def is_licence(path: PurePath) -> bool:
    """Tell whether a file of a distribution says under what terms it comes."""
    if path.suffix in (".py", ".pyc", ".so", ".pyi", ".json"):
        return False
    return path.name.lower().startswith(NAMES) or "licenses" in path.parts


def stated(about: "metadata.PackageMetadata") -> str:
    """Return the licence that a distribution states, in a line; empty where it states none."""
    for key in ("License-Expression", "License"):
        text = (about.get(key) or "").strip()
        if text:
            return text.splitlines()[0][:120]
    found = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return "; ".join(line.rpartition(":: ")[2] for line in found)


def collect(target: Path) -> list[tuple[str, str, str, int]]:
    """Copy the texts to `target`/NAME; return name, version, stated licence and number of texts of each, by name."""
    rows = []
    for each in sorted(metadata.distributions(), key=lambda one: one.metadata["Name"].lower()):
        name = each.metadata["Name"]
        if name.lower() in TOOLS:
            continue
        texts = [path for path in each.files or [] if is_licence(path)]
        for path in texts:
            source = Path(str(path.locate()))
            if source.is_file():
                copy = target / name / "-".join(part for part in path.parts[1:] if part != "licenses")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(source.read_bytes())
        rows.append((name, each.version, stated(each.metadata), len(texts)))
    return rows


def table(rows: list[tuple[str, str, str, int]]) -> str:
    """Return the list of all parts, one a line."""
    lines = ["HXD Desktop itself: AGPL-3.0-or-later (LICENSE). It contains:", ""]
    lines += [f"{name} {version}: {licence or 'see its text'}" for name, version, licence, _ in rows]
    return "\n".join(lines) + "\n"


def main(target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    (target / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    for place in ("icons/LICENSE", "language/README.md"):
        (target / place.replace("/", "-")).write_bytes((ROOT / "assets" / place).read_bytes())
    rows = collect(target)
    for python in (Path(sys.base_prefix) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE", _of_library()):
        if python.is_file():
            (target / "Python-LICENSE").write_bytes(python.read_bytes())
            break
    (target / "parts.txt").write_text(table(rows), encoding="utf-8")
    silent = [name for name, _, licence, texts in rows if not licence and not texts]
    if silent:
        sys.stderr.write(f"No licence is stated by: {', '.join(silent)}\n")
        return 1
    return 0


def _of_library() -> Path:
    return Path(os.__file__).with_name("LICENSE.txt")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
