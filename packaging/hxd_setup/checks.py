"""The checks that a change has to pass, in the order of how quickly they tell."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hxd_setup.console import run, say
from hxd_setup.environment import program

STATIC = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports", "--no-logo")),
)


def run_all(arguments: Sequence[str] = ()) -> int:
    """Run every check, the tests last so that pytest's closing line closes the output; 0 where all pass.

    With `arguments` for pytest, only the tests are run.
    """
    failed = []
    for name, (tool, *words) in () if arguments else STATIC:
        started = time.monotonic()
        say(f"== {name}: {tool} {' '.join(words)}".rstrip())
        if run([str(program(tool)), *words], output=None) != 0:
            failed.append(name)
        say(f"== {name}: {'FAILED' if name in failed else 'passed'} in {time.monotonic() - started:.0f} s")
    say("== tests: pytest")
    status = run([str(program("pytest")), *arguments], output=None)
    if failed:
        say(f"Failed before the tests: {', '.join(failed)} (see above).")
    return status or (1 if failed else 0)
