"""Builds llama-cpp-python from source, once; without it the application answers with quotations."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hxd_setup import environment, system
from hxd_setup.console import ROOT, SetupError, output_of, say

NAME = "llama-cpp-python"
LOCK = environment.LOCKS / "llm.txt"
TRIM = ROOT / "packaging" / "llama" / "no_common.cmake"

WITHOUT = (
    "{reason}\n"
    "Everything works without it, except answers in a language model's own words: answers are quotations until then.\n"
    "{remedy}"
)
# What uv says where the source was in its cache but did not compile; asking the index would not mend that.
BUILD_FAILED = "Failed to build"
RETRY = "Then:  python3 bootstrap.py llm"


def recipe(options: Sequence[str]) -> str:
    """Return what a build is known by: the locked source, the trimming file and the options."""
    return environment.fingerprint([LOCK, TRIM], *options)


def wanted(stamp: Mapping[str, Any], installed: str | None, compiler: str | None) -> bool:
    """Tell whether to build: not what stands, and not what failed before in the same circumstances.

    A copy that was installed by hand (a wheel for CUDA, say) is left alone.
    """
    last = stamp.get("llm") or {}
    changed = last.get("recipe") != recipe(options_of(stamp))
    if installed is not None:
        return bool(last.get("built")) and changed
    return changed or bool(last.get("built")) or last.get("compiler") != compiler


def options_of(stamp: Mapping[str, Any]) -> list[str]:
    """Return the CMake options of the last attempt."""
    return [str(option) for option in (stamp.get("llm") or {}).get("options") or []]


def checked(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, all of them CMake options.

    Raises:
        SetupError: one is not of the form -DNAME=VALUE.
    """
    for argument in arguments:
        if not (argument.startswith("-D") and "=" in argument):
            raise SetupError(f"{argument} is no CMake option; they look like -DGGML_CUDA=on")
    return list(arguments)


def config_settings(options: Sequence[str], trim: Path) -> list[str]:
    """Return uv's arguments for the build: the options, laid over those of pyproject.toml, and the trimming file."""
    settings = [f"cmake.define.CMAKE_PROJECT_INCLUDE={trim.as_posix()}"]
    for option in options:
        name, _, value = option[2:].partition("=")
        settings.append(f"cmake.define.{name.partition(':')[0]}={value}")
    return [word for setting in settings for word in ("--config-settings-package", f"{NAME}:{setting}")]


def ensure(uv: str, uv_environment: Mapping[str, str], options: Sequence[str], again: bool) -> bool:
    """Build and install it; where that cannot be, say why and what to do, and return False.

    The attempt is noted in the stamp, so that it is made again only when something that it depended on has changed.
    """
    say("Installing llama-cpp-python, which is built from source the first time (3 to 8 minutes on two cores) ...")
    built = _install(uv, uv_environment, options, again)
    attempt = {"recipe": recipe(options), "compiler": system.compiler(), "built": built, "options": list(options)}
    environment.write_stamp({"llm": attempt})
    return built


def _install(uv: str, uv_environment: Mapping[str, str], options: Sequence[str], again: bool) -> bool:
    had_compiler = system.compiler() is not None
    arguments = arguments_for(uv, uv_environment, options)
    if again:
        arguments += ["--reinstall-package", NAME]
    complaint = environment.install_cached(uv, uv_environment, arguments)
    if complaint is None:
        return True
    if not system.provide([system.COMPILER], "to build llama.cpp"):
        say(WITHOUT.format(reason="llama-cpp-python was not built: it needs a C++ compiler.", remedy=RETRY))
        return False
    try:
        if had_compiler and BUILD_FAILED in complaint:
            raise SetupError(complaint)
        environment.install(uv, uv_environment, arguments)
    except SetupError as error:
        say(
            WITHOUT.format(
                reason=f"{error}\nllama-cpp-python could not be built or fetched.",
                remedy=f"docs/building-llama.md names what a build needs, and prebuilt wheels. {RETRY}",
            )
        )
        return False
    return True


def arguments_for(uv: str, uv_environment: Mapping[str, str], options: Sequence[str]) -> list[str]:
    """Return uv's arguments that install the locked source, built with `options`."""
    settings = config_settings(options, _trim_beside_cache(uv, uv_environment))
    return [*settings, *environment.build_constraints(), "--require-hashes", "-r", str(LOCK)]


def _trim_beside_cache(uv: str, uv_environment: Mapping[str, str]) -> Path:
    """Copy the trimming file beside uv's cache: its path is part of what uv knows a built wheel by.

    In there, every checkout of this user has the same path, and none builds again what another has built.
    """
    cache = output_of([uv, "cache", "dir"], uv_environment)
    if cache is None:
        return TRIM
    copy = Path(cache) / "hxd-desktop" / TRIM.name
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_bytes() != TRIM.read_bytes():
            shutil.copyfile(str(TRIM), str(copy))
    except OSError:
        return TRIM
    return copy
