"""Which match of how many: no widgets."""

from __future__ import annotations

from hxd_desktop.ui.evidence.finding import Matches, matches_from


def test_matches_are_gone_through_over_all_pages_and_around() -> None:
    matches = matches_from([(2, 2), (5, 1)], shown=3)
    assert (matches.number, matches.nth, matches.current, matches.total) == (5, 0, 3, 3)
    matches = matches.moved(1)
    assert (matches.number, matches.nth, matches.current) == (2, 0, 1)
    assert (matches.moved(1).nth, matches.moved(-1).number) == (1, 5)


def test_nothing_found_stays_nothing() -> None:
    assert matches_from([], shown=1).moved(1) == Matches()
    assert Matches().current == Matches().total == 0
