"""Writes the locks: names, versions, markers and hashes for every platform, and no addresses."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hxd_setup.console import ROOT, SetupError, run, say
from hxd_setup.environment import LOCKS

PROJECT = str(ROOT / "pyproject.toml")
OVERRIDES = str(ROOT / "packaging" / "overrides.txt")
# Of one resolution, so that no package has two versions; build and uv stand apart, in environments of their own.
TOGETHER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("runtime.txt", (PROJECT,)),
    ("dev.txt", (PROJECT, "--group", "dev")),
    ("llm.txt", ("--group", "llm")),
    ("minilm.txt", (PROJECT, "--extra", "minilm")),
    ("ocr.txt", (PROJECT, "--extra", "ocr")),
    ("bundle.txt", (PROJECT, "--extra", "ocr", "--group", "bundle")),
)
APART: tuple[tuple[str, tuple[str, ...]], ...] = (("build.txt", ("--group", "build")), ("uv.txt", ("--group", "uv")))


def compile_command(uv: str, output: Path, sources: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return the call of uv that writes one lock."""
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    universal = ["--universal", "--generate-hashes", "--python-version", "3.11"]
    universal += ["--overrides", OVERRIDES]
    return [uv, "pip", "compile", *universal, *plain, *more, *sources, "--output-file", str(output)]


def refresh(uv: str, uv_environment: Mapping[str, str], arguments: Sequence[str] = ()) -> None:
    """Write every lock anew; versions that still fit are kept, unless `arguments` hold --upgrade.

    Raises:
        SetupError: the requirements contradict each other, or could not be looked up.
    """
    LOCKS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder) / "everything.txt"
        if (LOCKS / "dev.txt").exists():
            # uv prefers the versions that it finds in its output file.
            kept = [_text(LOCKS / name) for name in ("dev.txt", "llm.txt", "bundle.txt")]
            everything.write_text("".join(kept), encoding="utf-8")
        sources = [PROJECT, "--group", "dev", "--group", "llm", "--group", "bundle"]
        _compile(compile_command(uv, everything, sources, arguments), uv_environment)
        for name, sources_of_one in TOGETHER:
            more = ["--constraints", str(everything)]
            _compile(compile_command(uv, LOCKS / name, sources_of_one, more), uv_environment)
    for name, sources_of_one in APART:
        _compile(compile_command(uv, LOCKS / name, sources_of_one, arguments), uv_environment)
    say(f"Written: {', '.join(name for name, _ in TOGETHER + APART)} in {LOCKS.relative_to(ROOT).as_posix()}")


def _compile(command: Sequence[str], uv_environment: Mapping[str, str]) -> None:
    if run(command, uv_environment) != 0:
        raise SetupError("The locks could not be written (uv's message is above).")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
