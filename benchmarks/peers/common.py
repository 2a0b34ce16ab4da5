"""What every adapter shares: the same files, the same pieces of text, the same embedder, the same way to be called.

    python ADAPTER index|rescan|change|query STATE FOLDER [QUESTIONS]

Each action runs in a process of its own and prints one JSON object. STATE is a folder for the adapter to keep what it
made. Only hxd and recoll read files by themselves; for the others a file is read as UTF-8, whatever its format.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# As long as hxd's own passages are in the mean, so that all have about as many.
PIECE_CHARS = 1000
PIECE_CHARS_CJK = 280
CJK_SHARE = 0.15
TOP_K = 10
CHANGES = 5

Pieces = list[tuple[str, str]]  # (id, text), the id made of path and number


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def pieces_of(path: Path) -> Pieces:
    return [(f"{path}#{number}", text) for number, text in enumerate(pieces(path.read_text("utf-8", "replace")))]


def pieces(text: str) -> list[str]:
    """Cut a text at its sentences into pieces of up to `PIECE_CHARS`; a longer sentence is cut anywhere."""
    from hxd_desktop.engine.text.sentences import sentences

    is_cjk = sum(character >= "\u2e80" for character in text) > CJK_SHARE * len(text)
    most = PIECE_CHARS_CJK if is_cjk else PIECE_CHARS
    found, start, last = [], 0, 0
    for _, end in [*sentences(text), (len(text), len(text))]:
        if end - start > most and last > start:
            found.append(text[start:last])
            start = last
        while end - start > most:
            found.append(text[start : start + most])
            start += most
        last = end
    found.append(text[start:])
    # One of signs alone has no vector, which LlamaIndex takes for the nearest to everything.
    return [piece.strip() for piece in found if any(character.isalnum() for character in piece)]


def all_pieces(folder: Path) -> Iterator[tuple[Path, Pieces]]:
    for path in files(folder):
        if made := pieces_of(path):
            yield path, made


def embedder() -> Any:
    """hxd's built-in embedder, as every system here uses it: normalised vectors."""
    from hxd_desktop.engine.models.hashed import HashedEmbedder

    return HashedEmbedder()


def words(text: str) -> list[str]:
    """The words that hxd indexes: without them a search by words knows no Chinese."""
    from hxd_desktop.engine.text.words import index_terms

    return index_terms(text).split()


def note(folder: Path, number: int) -> tuple[Path, str]:
    """Write a new file with a word of its own; return both."""
    word = f"zyxomark{time.time_ns()}"
    path = folder / f"new note {number}.md"
    path.write_text(f"# Note {number}\n\nThe pump of hall {number} answers to the name {word}.\n", encoding="utf-8")
    return path, word


def changes(folder: Path, take_up: Callable[[Path], None], find: Callable[[str], list[str]]) -> dict[str, Any]:
    """Seconds from a file being written until it is kept and found, for a program that is running already."""
    taken = []
    for number in range(CHANGES):
        path, word = note(folder, number)
        try:
            started = time.perf_counter()
            take_up(path)
            if not any(word in text for text in find(word)):
                raise SystemExit(f"{path.name} is not found by {word}")
            taken.append(time.perf_counter() - started)
        finally:
            path.unlink()
    return {"seconds": taken}


def asked(file: Path, find: Callable[[str], Any]) -> dict[str, Any]:
    """Milliseconds of each question, after five to warm up."""
    questions: list[str] = json.loads(file.read_text(encoding="utf-8"))
    for question in questions[:5]:
        find(question)
    taken = []
    for question in questions:
        started = time.perf_counter()
        find(question)
        taken.append((time.perf_counter() - started) * 1000)
    return {"ms": taken}


Action = Callable[[Path, Path], dict[str, Any]]


def serve(index: Action, query: Callable[[Path, Path, Path], dict[str, Any]], **others: Action) -> None:
    """Do what the command line says; `others` are `rescan` and `change`, where the peer can."""
    action, state, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if action == "query":
        found = query(state, folder, Path(sys.argv[4]))
    elif action == "index":
        found = index(state, folder)
    elif action in others:
        found = others[action](state, folder)
    else:
        found = {"cannot": True}
    print(json.dumps(found))
