"""The conditions themselves; that they hold for words and for vectors is tested with the reader."""

from __future__ import annotations

import sqlite3

import pytest

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.conditions import condition_of


def holds(filters: Filters, path: str = "/f/a/guide.md", mtime_ns: int = 10**18) -> bool:
    condition, values = condition_of(filters)
    row = "SELECT ? AS path, 'markdown' AS type, ? AS mtime_ns, 'en' AS language"
    connection = sqlite3.connect(":memory:")
    found = connection.execute(f"SELECT 1 FROM ({row}) d WHERE {condition}", (path, mtime_ns, *values)).fetchone()
    connection.close()
    return found is not None


@pytest.mark.parametrize("filters", [None, Filters(), Filters(folder="", since="")])
def test_without_filters_there_is_no_condition(filters: Filters | None) -> None:
    assert condition_of(filters) == ("", [])


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01"])
def test_a_date_that_is_none_is_an_error(since: str) -> None:
    with pytest.raises(SettingsError, match="date"):
        condition_of(Filters(since=since))


def test_dates_that_no_file_can_have_let_all_or_nothing_through() -> None:
    assert holds(Filters(since="0001-01-01"))
    assert not holds(Filters(since="9999-12-31"))


def test_names_with_letters_that_sql_does_not_fold_are_found_as_they_are_written() -> None:
    assert holds(Filters(document="Übersicht.MD"), path="/f/Übersicht.md")
    assert not holds(Filters(document="übersicht.md"), path="/f/Übersicht.md")


def test_characters_that_mean_something_to_sql_mean_themselves() -> None:
    assert holds(Filters(folder="/f/100%_'x"), path="/f/100%_'x/a.md")
    assert not holds(Filters(folder="/f/100%_'x"), path="/f/100a_'x/a.md")
