from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation import history
from hxd_desktop.engine.evaluation.run import Run, sha256_of
from hxd_desktop.engine.library.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "library.sqlite3")
    yield database
    database.close()


def run(file: str = "q.jsonl", question: str = "保修几年？") -> Run:
    row = {"question": question, "answerable": True, "score": 0.25, "passed": True, "ms": 1.5}
    return Run("refusal", "default", file, "ab12", 1_774_000_000.5, {"gate": "0f"}, {"n": 1, "curve": [1]}, [row])


def test_a_run_comes_back_as_it_was(database: Database) -> None:
    kept = database.write(lambda c: history.keep(c, run()))
    assert kept.id == 1
    assert history.get(database.reader, 1) == kept
    assert kept.when == "2026-03-20T09:46:40Z"


def test_the_list_has_the_latest_first_and_no_rows(database: Database) -> None:
    for file in ("a", "b"):
        database.write(lambda c, file=file: history.keep(c, run(file)))
    listed = history.all_runs(database.reader)
    assert [(r.id, r.file, r.rows) for r in listed] == [(2, "b", []), (1, "a", [])]
    assert listed[0].summary()["figures"] == {"n": 1}


def test_a_number_is_never_given_twice(database: Database) -> None:
    database.write(lambda c: history.keep(c, run()))
    database.write(lambda c: history.remove(c, 1))
    assert history.all_runs(database.reader) == []
    assert database.write(lambda c: history.keep(c, run())).id == 2


def test_what_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(SettingsError, match="number 9"):
        history.get(database.reader, 9)
    with pytest.raises(SettingsError, match="number 9"):
        database.write(lambda c: history.remove(c, 9))


def test_half_a_character_can_be_kept(database: Database) -> None:
    database.write(lambda c: history.keep(c, run(question="half \udc80")))
    assert history.get(database.reader, 1).rows[0]["question"] == "half \udc80"


def test_the_checksum_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    (tmp_path / "q").write_bytes(b"abc")
    (tmp_path / "r").write_bytes(b"c")
    (tmp_path / "s").write_bytes(b"ab")
    assert sha256_of([tmp_path / "q"]).startswith("ba7816bf")
    assert sha256_of([tmp_path / "s", tmp_path / "r"]) == sha256_of([tmp_path / "q"])
    assert sha256_of([tmp_path / "q", tmp_path / "none"]) == ""
