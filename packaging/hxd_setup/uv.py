"""Finds uv, or fetches it with pip, and carries pip's settings over to it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from hxd_setup.console import ROOT, SetupError, output_of, run, say

# The first with --config-settings-package.
OLDEST = (0, 8, 5)
OWN_FOLDER = ROOT / ".bootstrap"
LOCK = ROOT / "packaging" / "locks" / "uv.txt"


def version_of(uv: str) -> tuple[int, ...] | None:
    """Return the version that a uv program reports, None where it does not run."""
    told = re.match(r"uv (\d+)\.(\d+)\.(\d+)", output_of([uv, "--version"]) or "")
    return tuple(int(part) for part in told.groups()) if told else None


def find_or_fetch() -> str:
    """Return the path of a uv that is new enough, fetched with pip into `.bootstrap` where there is none.

    Raises:
        SetupError: there is none, and pip is missing or could not fetch it.
    """
    own = OWN_FOLDER / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and (version_of(candidate) or (0,)) >= OLDEST:
            return candidate
    if output_of([sys.executable, "-m", "pip", "--version"]) is None:
        raise SetupError(without_pip(sys.platform, bool(shutil.which("apt-get"))))
    say("Fetching uv with pip ...")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-warn-script-location",
    ]
    wanted = ["--upgrade", "--target", str(OWN_FOLDER), "--require-hashes", "-r", str(LOCK)]
    if run([*pip, *wanted], {"PIP_ROOT_USER_ACTION": "ignore"}) != 0 or version_of(str(own)) is None:
        raise SetupError(
            "uv could not be fetched with pip (its message is above).\n"
            "Check the network, or install uv as its documentation says, and start again."
        )
    return str(own)


def without_pip(platform: str, has_apt: bool) -> str:
    """Return what to do where neither uv nor pip is there."""
    if has_apt:
        return "Neither uv nor pip is installed.\nTo install pip:  sudo apt-get install -y python3-pip"
    python = "py" if platform == "win32" else "python3"
    return f"Neither uv nor pip is installed.\nTo install pip:  {python} -m ensurepip --user"


def settings_from_pip(listing: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Translate `pip config list` into uv's environment variables; what is already set for uv wins.

    Only what every package needs is carried over: the main index, the certificates, the proxy. Additional indexes are
    not: with a lock of hashes they could only stand in the way.
    """
    pip: dict[str, str] = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.strip().rpartition(".")
        try:
            value = str(ast.literal_eval(value.strip()))
        except (SyntaxError, ValueError):
            continue
        if section in ("global", "install") or (section == ":env:" and value):
            pip[option] = value if section != "global" or option not in pip else pip[option]
    carried = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}
    taken = {"UV_DEFAULT_INDEX": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"), "ALL_PROXY": ("ALL_PROXY", "HTTPS_PROXY")}
    return {
        name: pip[option]
        for option, name in carried.items()
        if pip.get(option) and not any(environment.get(known) for known in taken.get(name, (name,)))
    }


def environment(uv: str) -> dict[str, str]:
    """Return the variables that every call of uv gets: pip's settings, and a cache that can be written."""
    listing = output_of([sys.executable, "-m", "pip", "config", "list"]) or ""
    variables = settings_from_pip(listing, os.environ)
    variables["UV_NO_PROGRESS"] = "1" if not sys.stderr.isatty() else "0"
    cache = output_of([uv, "cache", "dir"])
    if cache is None or not writable(Path(cache)):
        variables["UV_CACHE_DIR"] = str(ROOT / ".cache" / "uv")
    return variables


def writable(folder: Path) -> bool:
    """Tell whether a folder, or the nearest one above it that exists, can be written."""
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return os.access(str(folder), os.W_OK | os.X_OK)
