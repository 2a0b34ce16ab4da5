"""Tesseract's table of words as pieces of lines."""

from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.ocr.tesseract import pieces_of

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def word(text: str, left: int, line: int = 1, width: int = 40, conf: float = 90) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{100 * line}\t{width}\t20\t{conf}\t{text}\n"


def test_the_words_of_a_line_are_one_piece_with_spaces_where_they_belong() -> None:
    table = (
        HEAD + "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n" + word("Push", 0) + word('the"', 50, conf=70) + word("台", 0, 2)
    )
    first, second = pieces_of(table + word("灯", 41, 2), 1000, 1000)
    assert (first.text, second.text) == ('Push the"', "台灯")
    assert first.score == pytest.approx(0.8)
    assert first.box == (0.0, 0.1, 0.09, 0.12)


def test_words_far_apart_are_cells() -> None:
    assert [piece.text for piece in pieces_of(HEAD + word("Power", 0) + word("14", 300), 1000, 1000)] == ["Power", "14"]


@pytest.mark.parametrize(
    ("turns", "box"), [(0, (0, 0.1, 0.04, 0.12)), (1, (0.1, 0.96, 0.12, 1)), (2, (0.96, 0.88, 1, 0.9))]
)
def test_the_box_is_where_the_page_shows_it(turns: int, box: tuple[float, ...]) -> None:
    (piece,) = pieces_of(HEAD + word("x", 0), 1000, 1000, turns)
    assert piece.box == pytest.approx(box)
