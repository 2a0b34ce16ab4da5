"""`bootstrap.py bundle`: one folder with the application and all that it needs, Python included; packages from it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hxd_setup import environment, libraries, llama, packages
from hxd_setup.console import ROOT, SetupError, output_of, run, say

BUILD = ROOT / "build" / "bundle"
DIST = ROOT / "dist"
NAME = "hxd-desktop"
LOCK = environment.LOCKS / "bundle.txt"
SPEC = ROOT / "packaging" / "bundle" / "hxd.spec"
TOOLS = ROOT / "packaging" / "bundle"
FORMATS = ("folder", "deb", "appimage", "installer", "dmg")


def parse(words: Sequence[str]) -> tuple[list[str], list[Path], bool]:
    """Split the arguments into formats, models to take in, and whether text recognition is wanted.

    Where no format is named, those are all that this system makes.

    Raises:
        SetupError: a word is neither a format nor an option.
    """
    formats: list[str] = []
    models: list[Path] = []
    with_ocr = False
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--with-models" and rest:
            models.append(Path(rest.pop(0)))
        elif word == "--with-ocr":
            with_ocr = True
        elif word in FORMATS:
            formats.append(word)
        else:
            raise SetupError(f"bundle takes {', '.join(FORMATS)} --with-ocr and --with-models PATH, not {word}")
    for model in models:
        if not model.exists():
            raise SetupError(f"There is no model at {model}.")
    return formats or packages.formats_of(sys.platform), models, with_ocr


def make(uv: str, uv_environment: Mapping[str, str], words: Sequence[str]) -> list[Path]:
    """Build the folder, and the packages that `words` name, below dist/; return what was made.

    Raises:
        SetupError: a tool is missing, or a step failed.
    """
    formats, models, with_ocr = parse(words)
    python, with_llm = _prepare(uv, uv_environment)
    icons = BUILD / "icons"
    _call([str(python), str(TOOLS / "icons.py"), str(icons)], "The icons could not be drawn")
    take_in(python, models)
    folder = DIST / NAME
    say("Building the bundle ...")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(BUILD / "work"), str(SPEC)]
    choices = {
        "HXD_BUNDLE_LLM": "1" if with_llm else "0",
        "HXD_BUNDLE_OCR": "1" if with_ocr else "0",
        "HXD_BUNDLE_BUILD": str(BUILD),
        "HXD_BUNDLE_FEED": feed_file(os.environ.get("HXD_UPDATE_FEED", "")),
    }
    _call(command, "PyInstaller failed", choices)
    if sys.platform.startswith("linux"):
        tidy(folder)
    made = [folder]
    for name in formats:
        made += packages.MAKERS[name](folder, icons, DIST)
    for path in made:
        say(f"{path.relative_to(ROOT).as_posix()}  {size_of(path) / 1e6:.0f} MB")
    return made


def tidy(folder: Path) -> None:
    """Take out of a Linux bundle what it does not need, and see that every library finds those that it needs.

    Raises:
        SetupError: one would not; what it misses is neither in the bundle nor asked of the system.
    """
    libraries.forget_build(folder)
    libraries.drop_unneeded(folder)
    strip(folder)
    libraries.share_copies(folder)
    missing = libraries.missing(folder)
    if missing:
        raise SetupError("Libraries are missing in the bundle:\n" + "\n".join(missing))


def feed_file(address: str) -> str:
    """Write the feed of releases that the bundle may ask into a file and return its path; "" where none is named.

    Raises:
        SetupError: it is not an https address, so that the application would never ask it.
    """
    if not address:
        return ""
    if not address.startswith("https://"):
        raise SetupError(f"HXD_UPDATE_FEED has to be an https address, not {address}.")
    path = BUILD / "feed"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(address + "\n", encoding="utf-8")
    return str(path)


def can_be_stripped(path: Path) -> bool:
    """Tell whether symbols may be taken from a file: a library, and not one that auditwheel has patched."""
    return ".so" in path.suffixes and not path.is_symlink() and not any(part.endswith(".libs") for part in path.parts)


def strip(folder: Path) -> None:
    """Take the symbols, which only a debugger reads, from the libraries of a Linux bundle, where strip is there."""
    program = shutil.which("strip")
    for path in sorted(folder.rglob("*.so*")) if program else ():
        if can_be_stripped(path):
            run([str(program), "--strip-unneeded", str(path)])


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; links count nothing."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.lstat().st_size for each in path.rglob("*") if each.is_file() and not each.is_symlink())


def _prepare(uv: str, uv_environment: Mapping[str, str]) -> tuple[Path, bool]:
    """Fill an environment of its own with the hashed packages; return its Python, and whether llama.cpp is in it."""
    place = BUILD / "venv"
    python = environment.program("python", place)
    with_llm = (
        llama.options_of(environment.read_stamp()) == [] and environment.installed_version(llama.NAME) is not None
    )
    key = environment.fingerprint([LOCK, llama.LOCK], str(ROOT), str(with_llm), sys.version)
    stamp = place / "hxd-bundle"
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == key:
        return python, with_llm
    say("Installing what the bundle is made of ...")
    _call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place)], "No environment", uv_environment)
    install = [uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps"]
    steps = [["--require-hashes", "-r", str(LOCK)]]
    if with_llm:
        steps.append(llama.arguments_for(uv, uv_environment, []))
    for step in steps:
        offline = [*install, *step, "--offline"]
        if run([*offline, "--quiet", "--quiet"], uv_environment) != 0:
            _call([*install, *step], "The packages could not be installed", uv_environment)
    stamp.write_text(key, encoding="utf-8")
    return python, with_llm


def take_in(python: Path, models: Sequence[Path]) -> None:
    """Import models as the application does (recognised, tried out, hashed) into build/bundle/models.

    There hxd.spec finds them. The first of each kind is what a new data directory uses.
    """
    target, work = BUILD / "models", BUILD / "edition"
    for folder in (target, work):
        shutil.rmtree(str(folder), ignore_errors=True)
    used: dict[str, str] = {}
    for model in models:
        say(f"Taking in {model.name} ...")
        command = [str(python), "-m", "hxd_desktop", "--data-dir", str(work), "models", "import", str(model), "--json"]
        told = output_of(command, {**_CLEAN, "PYTHONPATH": str(ROOT)}, seconds=3600)
        if told is None:
            raise SetupError(f"{model} cannot be taken in; hxd models import {model} says why.")
        row = json.loads(told)["models"][0]
        used.setdefault(row["kind"], row["id"])
        shutil.move(str(work / "models" / row["id"]), str(target / row["id"]))
    for path in target.rglob("*"):  # private to nobody, as in a data directory
        path.chmod(0o755 if path.is_dir() else 0o644)
    if used:
        (target / "edition.json").write_text(json.dumps({"use": used}), encoding="utf-8")
    shutil.rmtree(str(work), ignore_errors=True)


_CLEAN: Mapping[str, str] = {"PYTHONPATH": "", "PYTHONHASHSEED": "1", "PYTHONNOUSERSITE": "1"}


def _call(command: Sequence[str], complaint: str, variables: Mapping[str, str] | None = None) -> None:
    if run(command, {**_CLEAN, **(variables or {})}) != 0:
        raise SetupError(f"{complaint} (its message is above).")
