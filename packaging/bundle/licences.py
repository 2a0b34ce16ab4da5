"""Collects the licences of all that is in a bundle; hxd.spec calls it, in the bundle's environment.

Each part gets a folder with its texts; `parts.txt` (and `parts.json`, for the window) lists them, `sources.txt` says
where the source is. A part that brings no text, or a library that belongs to nobody, is an error.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).with_name("texts")
NAMES = ("licen", "copying", "notice", "authors", "copyright", "thirdparty", "third_party", "third-party")
# What wheels leave out: the texts of what they state.
BROUGHT = {
    "flatbuffers": ("Apache-2.0",),
    "llama_cpp_python": ("llama.cpp",),  # the library itself; its binding has a text
    "loguru": ("loguru",),
    "pyside6_essentials": ("LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("LGPL-3.0", "GPL-3.0"),
    "tokenizers": ("Apache-2.0",),
}
COPYLEFT = re.compile(r"GPL|Lesser|Affero|MPL|Mozilla", re.IGNORECASE)
SYSTEM = "system package "
COMMON = Path("/usr/share/common-licenses")
Part = tuple[str, str, str]  # name, version, licence in a line


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


def distributions(sources: set[str], target: Path) -> tuple[list[Part], set[str], list[str]]:
    """Copy the texts of the packages that are in the bundle to `target`/NAME.

    Returns:
        The packages, their files, and what is wrong with any.
    """
    parts, owned, wrong = [], set(), []
    for each in sorted(metadata.distributions(), key=lambda one: one.metadata["Name"].lower()):
        files = {str(path.locate()): path for path in each.files or []}
        if not sources & files.keys():
            continue
        owned |= files.keys()
        name = each.metadata["Name"]
        texts = [(source, "-".join(path.parts[1:])) for source, path in files.items() if is_licence(path)]
        texts += [(str(TEXTS / f"{text}.txt"), f"{text}.txt") for text in BROUGHT.get(name.lower(), ())]
        texts = [(source, as_name.replace("licenses-", "")) for source, as_name in texts if os.path.isfile(source)]
        for source, as_name in texts:
            put(Path(source), target / name / as_name)
        licence = stated(each.metadata)
        parts.append((name, each.version, licence or "see its text"))
        if not texts:
            wrong.append(f"{name} brings no text of its licence")
    return parts, owned, wrong


def of_system(libraries: list[str], target: Path) -> tuple[list[Part], list[str]]:
    """Copy what Debian says of the packages that `libraries` (paths) come from; return them, and what is wrong."""
    owners = owners_of(libraries)
    wrong = [f"{library} belongs to no package" for library in libraries if library not in owners]
    parts = []
    for package in sorted(set(owners.values())):
        name = package.partition(":")[0]
        copyright_file = Path("/usr/share/doc") / name / "copyright"
        if not copyright_file.is_file():
            wrong.append(f"{name} has no copyright file")
            continue
        put(copyright_file, target / f"{SYSTEM}{name}" / "copyright")
        text = copyright_file.read_text("utf-8", "replace")
        for common in set(re.findall(rf"{COMMON}/([A-Za-z0-9.+-]*[A-Za-z0-9])", text)):
            if (COMMON / common).is_file():
                put(COMMON / common, target / "common" / common)
        licences = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)) or {"see its text": None}
        version = told("dpkg-query", "-W", "-f=${source:Package} ${source:Version}", package)
        parts.append((f"{SYSTEM}{name}", f"(source: {version})", ", ".join(licences)[:200]))
    return parts, wrong


def owners_of(libraries: Sequence[str]) -> dict[str, str]:
    """Return the Debian package that each library comes from; what belongs to none is left out."""
    wanted: dict[str, str] = {}
    for library in libraries:
        for path in (library, os.path.realpath(library)):
            wanted |= dict.fromkeys((path, path.removeprefix("/usr"), f"/usr{path}"), library)
    found = {}
    for line in told("dpkg-query", "-S", *wanted).splitlines():
        packages, _, path = line.rpartition(": ")
        if path in wanted and not line.startswith("diversion"):
            found[wanted[path]] = packages.split(",")[0]
    return found


def told(*command: str) -> str:
    """Return what a program prints, "" where it fails or is missing."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    return done.stdout.strip()


def put(source: Path, target: Path) -> None:
    """Copy a file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def python_licence() -> Path | None:
    """Return Python's own licence."""
    places = (Path(sys.base_prefix) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE", Path(os.__file__).parent)
    named = [place / "LICENSE.txt" if place.is_dir() else place for place in places]
    return next((place for place in named if place.is_file()), None)


def is_library(place: str) -> bool:
    """Tell whether a file of the bundle is a shared library."""
    return bool(re.search(r"\.(so(\.[0-9.]+)?|dylib|dll|pyd)$", place))


def collect(target: Path, files: Sequence[tuple[str, str]]) -> list[str]:
    """Fill `target`; return a line for each thing that is wrong.

    Args:
        target: A folder that is made anew.
        files: What the bundle is made of: the place in it, "" for what is in the archive of modules, and the file.
    """
    shutil.rmtree(target, ignore_errors=True)
    put(ROOT / "LICENSE", target / "LICENSE")
    for place in ("icons/LICENSE", "language/README.md"):
        put(ROOT / "assets" / place, target / place.replace("/", "-"))
    real = [(place, source) for place, source in files if os.path.isabs(source)]  # links between them come besides
    parts, owned, wrong = distributions({source for _, source in real if ".dist-info" not in source}, target)
    python = python_licence()
    if python is not None:
        put(python, target / "Python" / "LICENSE.txt")
        parts.append(("Python", sys.version.split()[0], "PSF-2.0"))
    else:
        wrong.append("Python's licence is nowhere")
    if sys.platform.startswith("linux"):
        ours = (sys.base_prefix, sys.prefix, str(ROOT))
        others = {source for place, source in real if is_library(place) and source not in owned}
        found, more = of_system(sorted(source for source in others if not source.startswith(ours)), target)
        parts += found
        wrong += more
    lines = [f"{name} {version}: {licence}" for name, version, licence in parts]
    head = "HXD Desktop itself: AGPL-3.0-or-later (LICENSE). Each part below has its texts in a folder of its name.\n\n"
    (target / "parts.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    table = [dict(zip(("name", "version", "licence"), part, strict=True)) for part in parts]
    (target / "parts.json").write_text(json.dumps(table, ensure_ascii=False, indent=1), encoding="utf-8")
    owed = [line for line in lines if line.startswith(SYSTEM) or COPYLEFT.search(line)]
    offer = (TEXTS / "sources.txt").read_text("utf-8") + "With a right to the source\n\n" + "\n".join(owed) + "\n"
    (target / "sources.txt").write_text(offer, encoding="utf-8")
    return wrong
