"""One evaluation: what was measured, on which questions, with which gate and models."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
REFUSAL, QA = "refusal", "qa"
OWN_EXAMPLES = "examples"  # stands for the file where a library's own examples were judged


@dataclass(frozen=True, slots=True)
class Measured:
    """`figures`: as the command line prints them. `rows`: what each question gave, in the order of the file."""

    figures: dict[str, Any]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Run:
    """A measurement with where it comes from; kept in the database.

    `kind`: REFUSAL or QA. `library`: its name, or "passages: all" where the file's own were indexed.
    `file`, `sha256`: of the questions, of several files together. `created`: seconds since the epoch.
    `setup`: JSON that tells two runs apart: version, gate, embedder, reranker, generator,
    documents, chunks and the settings of answers.
    `id`: 0 where it is not kept (yet).
    """

    kind: str
    library: str
    file: str
    sha256: str
    created: float
    setup: Mapping[str, Any]
    figures: Mapping[str, Any]
    rows: list[Row] = field(default_factory=list)
    id: int = 0

    @property
    def when(self) -> str:
        """`created` as ISO 8601 in UTC, to the second."""
        moment = datetime.datetime.fromtimestamp(self.created, datetime.UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

    def summary(self) -> dict[str, Any]:
        """JSON of the run without what its single questions gave, and without its curves."""
        return {
            "id": self.id,
            "created": self.when,
            "kind": self.kind,
            "library": self.library,
            "file": self.file,
            "sha256": self.sha256,
            "setup": dict(self.setup),
            "figures": {k: v for k, v in self.figures.items() if not isinstance(v, list | tuple | dict)},
        }


def names_of(files: Sequence[Path]) -> str:
    """The files as one name."""
    return " + ".join(file.name for file in files)


def sha256_of(files: Sequence[Path]) -> str:
    """The checksum of files one after another, by which two runs know that they asked the same questions.

    It is "" where one cannot be read.
    """
    try:
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    except OSError:
        return ""
