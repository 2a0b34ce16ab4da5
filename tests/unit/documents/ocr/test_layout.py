"""Pieces on a page in reading order: rows, cells, columns, blocks, pages askew."""

from __future__ import annotations

import math

from hxd_desktop.engine.documents.ocr.layout import Piece, arrange

SIDE = 1000.0


def piece(
    text: str, x: float, y: float, width: float | None = None, *, height: float = 20, degrees: float = 0
) -> Piece:
    right = x + (width if width is not None else 10.0 * len(text))
    corners = ((x, y), (right, y), (right, y + height), (x, y + height))
    turned = [
        (a * math.cos(angle) - b * math.sin(angle), a * math.sin(angle) + b * math.cos(angle))
        for a, b in corners
        for angle in (math.radians(degrees),)
    ]
    return Piece(text, 0.9, tuple(turned), (x / SIDE, y / SIDE, right / SIDE, (y + height) / SIDE))  # type: ignore[arg-type]


def texts(*pieces: Piece) -> list[str]:
    return [line.text for line in arrange(pieces, SIDE)]


def test_rows_top_to_bottom_and_words_left_to_right() -> None:
    assert texts(piece("below", 0, 40), piece("right", 60, 1), piece("left", 0, 0)) == ["left right", "below"]
    assert texts(piece("请勿在浴室", 0, 0, 100), piece("使用。", 105, 0)) == ["请勿在浴室使用。"]


def test_wide_gaps_part_the_cells_of_a_table() -> None:
    lines = arrange(
        [piece("Power", 0, 0), piece("14 W", 300, 0), piece("Weight", 0, 30), piece("1.9 kg", 300, 30)], SIDE
    )
    assert [(line.text, line.tabular) for line in lines] == [("Power\t14 W", True), ("Weight\t1.9 kg", True)]


def test_columns_of_prose_are_read_one_after_the_other_below_their_title() -> None:
    left = [piece(f"left line number {n} of prose", 0, 60 + 30 * n, 300) for n in range(4)]
    right = [piece(f"right line number {n} of prose", 350, 62 + 30 * n, 300) for n in range(4)]
    title = piece("A title across both of the columns", 50, 0, 550)
    found = texts(*right, *left, title)
    assert found[0] == title.text
    assert found[1:5] == [each.text for each in left]
    assert found[5:] == [each.text for each in right]


def test_a_page_askew_is_read_as_if_it_were_straight() -> None:
    words = [piece(f"w{n}{side}" * 4, 400 * side, 24 * n, 120, degrees=3) for n in range(5) for side in (0, 1)]
    assert [text.split("\t")[0][:3] for text in texts(*reversed(words))] == [f"w{n}0" for n in range(5)]


def test_a_gap_and_a_short_last_line_begin_a_block() -> None:
    rows = [
        ("long line of prose here", 0),
        ("ends early.", 30),
        ("next paragraph is long", 60),
        ("after a gap it goes on", 150),
    ]
    blocks = [line.block for line in arrange([piece(text, 0, y) for text, y in rows], SIDE)]
    assert blocks == [0, 0, 1, 2]


def test_a_line_keeps_its_place_and_the_mean_of_its_confidence() -> None:
    first, second = piece("ab", 100, 100)._replace(score=0.5), piece("cd", 125, 100)._replace(score=1.0)
    (line,) = arrange([second, first], SIDE)
    assert (line.text, line.score) == ("ab cd", 0.75)
    assert (line.left, line.top, line.right, line.bottom) == (0.1, 0.1, 0.145, 0.12)


def test_nothing_gives_nothing() -> None:
    assert arrange([], SIDE) == [] and texts(piece("  ", 0, 0)) == []
