from __future__ import annotations

from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent
from hxd_desktop.engine.library.settling import Settling

UPSERT = [Change(ChangeKind.UPSERT, "/a")]
WRITING = [RawEvent(EventKind.MODIFIED, "/a")]
CLOSED = [RawEvent(EventKind.MODIFIED, "/a"), RawEvent(EventKind.CLOSED, "/a")]


def test_closed_files_are_never_held() -> None:
    settling = Settling(5.0)
    for now in (0.0, 0.1, 0.2, 0.3):
        assert settling.admit(UPSERT, CLOSED, now) == UPSERT
    assert settling.next_due is None


def test_a_file_that_stays_open_is_told_of_at_growing_intervals() -> None:
    settling = Settling(2.0)
    told, now = [], 0.0
    while now < 12.0:
        if settling.admit(UPSERT, WRITING, now) or settling.due(now):
            told.append(now)
        now += 0.125
    assert told == [0.0, 0.25, 0.75, 1.75, 3.75, 5.75, 7.75, 9.75, 11.75]


def test_what_was_held_is_told_when_its_pause_is_over() -> None:
    settling = Settling(5.0)
    assert settling.admit(UPSERT, WRITING, 0.0) == UPSERT
    assert settling.admit(UPSERT, WRITING, 0.1) == []
    assert settling.next_due == 0.25
    assert settling.due(0.2) == []
    assert settling.due(0.25) == UPSERT
    assert settling.due(9.0) == []
    assert settling.next_due is None


def test_closing_ends_the_waiting() -> None:
    settling = Settling(5.0)
    settling.admit(UPSERT, WRITING, 0.0)
    assert settling.admit(UPSERT, WRITING, 0.1) == []
    assert settling.admit(UPSERT, CLOSED, 0.15) == UPSERT
    assert settling.due(9.0) == []
    assert settling.admit(UPSERT, WRITING, 0.2) == UPSERT  # it starts anew


def test_a_file_that_was_quiet_is_told_of_at_once() -> None:
    settling = Settling(5.0)
    settling.admit(UPSERT, WRITING, 0.0)
    assert settling.admit(UPSERT, WRITING, 0.51) == UPSERT


def test_other_changes_are_never_held() -> None:
    settling = Settling(5.0)
    settling.admit(UPSERT, WRITING, 0.0)
    others = [Change(ChangeKind.REMOVE, "/a"), Change(ChangeKind.MOVE, "/a", "/b"), Change(ChangeKind.RESCAN_DIR, "/a")]
    assert settling.admit(others, WRITING, 0.1) == others


def test_a_file_moved_into_place_is_complete() -> None:
    settling = Settling(5.0)
    settling.admit(UPSERT, WRITING, 0.0)
    replaced = [RawEvent(EventKind.MODIFIED, "/t"), RawEvent(EventKind.MOVED, "/t", "/a")]
    assert settling.admit(UPSERT, replaced, 0.1) == UPSERT
