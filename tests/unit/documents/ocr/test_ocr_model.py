"""Places of lines in the text that was made of them, and their packed form."""

from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.ocr.model import (
    Place,
    ScanLine,
    confidence,
    find_places,
    pack_places,
    unpack_places,
)


def line(text: str, score: float = 0.9, top: float = 0.1) -> ScanLine:
    return ScanLine(text, score, 0.1, top, 0.9, top + 0.02, 0, 1, 0, 0.02, 0, False)


def test_lines_are_found_page_by_page_also_where_a_word_was_put_together() -> None:
    text = "Take care of the information here.\n\nthe end"
    read = {1: [line("Take care of the infor-"), line("mation here.")], 2: [line("the end"), line("left out")]}
    places = find_places(text, {1: (0, 34), 2: (36, len(text))}, read)
    assert [(text[p.start : p.end], p.page) for p in places] == [
        ("Take care of the infor", 1),
        ("mation here.", 1),
        ("the end", 2),
    ]


def test_packed_places_come_back_to_a_ten_thousandth() -> None:
    places = [Place(0, 12, 1, 0.12345, 0.0, 0.5, 1.0), Place(12, 70_000, 70_000, -0.1, 0.2, 1.2, 0.3)]
    found = unpack_places(pack_places(places))
    assert [place[:3] for place in found] == [place[:3] for place in places]
    assert found[0][3:] == pytest.approx(places[0][3:], abs=1e-4)
    assert found[1][3:] == pytest.approx((0.0, 0.2, 1.0, 0.3))
    assert unpack_places(pack_places([])) == []


def test_confidence_weighs_lines_by_their_characters() -> None:
    assert confidence([line("a" * 30, 1.0), line("b" * 10, 0.6)]) == pytest.approx(0.9)
    assert confidence([]) is None
