"""The sample documents that ship with the application, and questions that suit them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine import paths


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question about the samples.

    `covered`: whether the samples answer it. `document`: the file that does, relative to `documents()`;
    `contains`: what a right answer holds; both None where not covered. `demo`: asked by `hxd demo`.
    """

    question: str
    language: str
    covered: bool
    document: str | None
    contains: str | None
    demo: bool


def documents() -> Path:
    """Return the folder of the sample documents; it is indexed where it stands and never written."""
    return paths.assets() / "samples" / "documents"


def questions() -> tuple[SampleQuestion, ...]:
    """Return the suggested questions, those of the demo first."""
    rows = json.loads((paths.assets() / "samples" / "questions.json").read_text(encoding="utf-8"))
    return tuple(SampleQuestion(**row) for row in rows)
