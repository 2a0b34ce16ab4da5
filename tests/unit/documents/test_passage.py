from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.passage import locate

PAGE = """Handbook 2026
Travel costs are repaid when the form reaches the office by the fifth of the next
month. Receipts are at-
tached to it.
3
出差住宿费每晚上限
为六百元。
The ﬁnal line says more
"""


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("repaid when the form reaches the office by the fifth of the next month.", ["repaid when"]),
        ("Receipts are attached to it.", ["Receipts are at-"]),
        ("出差住宿费每晚上限为六百元。", ["出差住宿费"]),
        ("The final line says more", ["The ﬁnal line"]),
        ("TRAVEL COSTS ARE REPAID", ["Travel costs"]),
        ("Something else altogether that stands nowhere on it", []),
        ("the", []),
        ("", []),
        ("!?", []),
        ("Receipts are attached to it.\n3\n出差住宿费每晚上限为六百元。", ["Receipts"]),
        ("A paragraph of the page before.\nTravel costs are repaid when the form reaches the office", ["Travel costs"]),
        ("The final line says more and goes on upon the next page with other words", ["The ﬁnal line"]),
        ("that started earlier; repaid when the form reaches the office by the fifth of the next", ["repaid when"]),
    ],
)
def test_a_passage_is_found_as_it_is_laid_out_or_not_at_all(passage: str, found: list[str]) -> None:
    ranges = locate(PAGE, passage)
    assert len(ranges) == len(found)
    for (begin, end), start in zip(ranges, found, strict=True):
        assert PAGE[begin:end].startswith(start), PAGE[begin:end]
