"""Replies of a parser process that a document has taken over are not believed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.documents.parse import parse_file
from hxd_desktop.engine.library.replies import well_formed
from hxd_desktop.engine.settings import ChunkSettings
from tests.support.samples import SAMPLES

HUGE = 1 << 28


def reply_for(place: Path, name: str, data: bytes) -> dict[str, Any]:
    (place / name).write_bytes(data)
    return parse_file(place / name, ChunkSettings(), max_bytes=HUGE)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_the_parser_sends_is_believed(name: str, tmp_path: Path) -> None:
    reply = reply_for(tmp_path, name, SAMPLES[name]())
    assert well_formed(reply)
    assert well_formed(parse_file(tmp_path / name, ChunkSettings(), max_bytes=HUGE, known_hash=reply["hash"]))
    assert well_formed(parse_file(tmp_path / name, ChunkSettings(), max_bytes=1))
    assert well_formed(parse_file(tmp_path / "gone", ChunkSettings(), max_bytes=1))
    assert well_formed(reply_for(tmp_path, f"empty-{name}", b""))


CHANGES: dict[str, Any] = {
    "state": ["fine", None, 3, ["indexed"]],
    "reason": [None, 5, b"x", "half \ud800"],
    "title": [5, b"x", "half \ud800"],
    "size": ["1", 2**70, None, 1.5],
    "mtime_ns": [-(2**70), "now"],
    "hash": ["x" * 16, b"x", 7, None],
    "text": [None, "", "short", b"bytes", "half \ud800"],
    "chunks": [None, [], [[0, 1, None, "h"]], [[0, 10**9, None, "h"]], [["0", 1, None, "h"]], [[0, 1]], 5],
    "terms": [None, [], ["a"], [5], "text"],
    "heading_terms": [None, [], {}, "text"],
    "keys": [None, [], [b"x"], ["x" * 16]],
    "abbreviations": [[[0, "a"]], [[10**9, "a", "b"]], [[0, 5, "b"]], 5, [[-1, "a", "b"]]],
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_it_cannot_have_sent_is_not(name: str, tmp_path: Path) -> None:
    good = reply_for(tmp_path, "a.md", b"# One\n\nSome words.\n\n# Two\n\n" + b"More words. " * 400)
    assert good["state"] == "indexed" and len(good["chunks"]) > 1
    for value in CHANGES[name]:
        assert not well_formed({**good, name: value}), value
    if name not in ("title", "size", "mtime_ns", "abbreviations"):
        assert not well_formed({key: value for key, value in good.items() if key != name})


def test_random_replies_are_a_no_and_never_a_fault(tmp_path: Path) -> None:
    chance = random.Random(5)
    good = reply_for(tmp_path, "a.md", b"# One\n\nSome words.\n")
    odd = [None, True, -1, 2**80, float("nan"), "x", "\udfff", b"\xff", [], [[]], {}, {"a": 1}, [1, "a", None]]
    for _ in range(2_000):
        reply = dict(good)
        for name in chance.sample(sorted(good), chance.randint(1, 5)):
            reply[name] = chance.choice(odd)
        well_formed(reply)
