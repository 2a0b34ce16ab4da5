from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from hxd_desktop.engine.answering.model import Answer, Outcome, TraceStage
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import conversations
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.usual import UsualSignals
from tests.unit.cli.fakes import make_answer


def answer(coverage: float, outcome: Outcome = Outcome.ANSWERED, library: str = "default") -> Answer:
    made = make_answer(outcome)
    refusal = replace(made.refusal, library=library, signals={"coverage": coverage})
    return replace(made, refusal=refusal, trace=(TraceStage("gate", "pass", 1.0, detail={"library": library}),))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "library.sqlite3")


def test_the_median_of_the_latest_answers_is_usual(database: Database) -> None:
    usual = UsualSignals(database)
    for coverage in (0.1, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9):
        usual.note(answer(coverage))
    usual.note(answer(0.0, Outcome.UNRELATED))  # refusals are not what is usual when it answers
    assert usual.of("default") == {}, "seven say little"
    usual.note(answer(0.7))
    assert usual.of("default") == {"coverage": pytest.approx(0.65)}
    assert usual.of("other") == {}
    beside = answer(0.2, Outcome.UNRELATED)
    usual.note(beside)
    assert beside.trace[0].detail["usual"] == {"coverage": pytest.approx(0.65)}
    database.close()


def test_a_database_that_could_not_be_read_is_read_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = json.dumps(to_dict(answer(0.4)))
    talk = database.write(lambda c: conversations.create(c, "", ("default",)))
    for _ in range(8):
        database.write(lambda c: conversations.add_exchange(c, talk.id, "q", "a", json.loads(record)))
    usual = UsualSignals(database)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "reader", property(lambda _: sqlite3.connect("/nowhere/at/all")))
        with pytest.raises(StorageError):
            usual.of("default")
    assert usual.of("default") == {"coverage": pytest.approx(0.4)}
    database.close()


def test_what_was_kept_is_remembered_by_the_next_start(database: Database) -> None:
    def keep(made: Answer) -> None:
        record = json.loads(json.dumps(to_dict(made)))
        database.write(lambda c: conversations.add_exchange(c, talk.id, "q", made.answer, record))

    talk = database.write(lambda c: conversations.create(c, "", ("default",)))
    for _ in range(8):
        keep(answer(0.4))
    keep(answer(0.9, library="other"))
    assert UsualSignals(database).of("default") == {"coverage": 0.4}
    assert UsualSignals(database).of("other") == {}
    database.close()
