"""What the evidence pane reads from an answer, and what a card reads from a library."""

from __future__ import annotations

import dataclasses

import pytest

from hxd_desktop.engine.answering.model import Outcome, Source, TraceStage
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library.model import FolderInfo, FolderState, LibraryInfo
from hxd_desktop.ui.evidence import reading
from hxd_desktop.ui.library.summary import activity, folder_cost, folder_note, reindex_cost, removal_cost, summarise
from tests.ui.test_exchange import make_answer

pytestmark = pytest.mark.usefixtures("language")


def no_marks(question: str, text: str) -> list[tuple[int, int]]:
    return []


def test_scores_are_typed_and_each_has_its_own_scale() -> None:
    first = Source(1, "a", "/d/x.md", 12, "A > B", 0, 1, " text ", {"bm25": 20.0, "dense": 0.5, "fused": 0.75})
    second = dataclasses.replace(first, n=2, page=None, heading="", scores={"bm25": 5.0})
    answer = dataclasses.replace(make_answer(), sources=(first, second))
    one, two = reading.source_readings(answer, no_marks)
    assert [(bar.name, bar.value, bar.fraction) for bar in one.bars] == [
        ("Both together", 0.75, 0.75),
        ("Meaning (vectors)", 0.5, 0.5),
        ("Words (BM25)", 20.0, 1.0),
    ]
    assert two.bars[0].fraction == 0.25
    assert (one.file_name, one.place, one.passage) == ("x.md", "p. 12 · A › B", "text")
    assert two.place == ""


def test_an_excerpt_begins_with_what_was_looked_for() -> None:
    passage = (
        "\n".join(f"line {number} of the passage with nothing in it" for number in range(20)) + "\nthe answer is here"
    )
    at = passage.index("answer")
    start, end = reading.excerpt_of(passage, [(at, at + 6)])
    assert "answer" in passage[start:end] and end - start <= 300
    assert reading.excerpt_of("short", []) == (0, 5)
    start, _ = reading.excerpt_of(passage, [])
    assert start == 0


@pytest.mark.parametrize(
    ("outcome", "score", "text"),
    [
        (Outcome.ANSWERED, 0.1, "The refusal score 0.10 is 0.40 under the limit of 0.50."),
        (Outcome.UNRELATED, 0.9, "The refusal score 0.90 is 0.40 over the limit of 0.50."),
        (Outcome.NOT_A_QUESTION, None, "Ask something about your documents, and the answer will name its sources."),
    ],
)
def test_the_explanation_names_score_limit_and_margin(outcome: Outcome, score: float | None, text: str) -> None:
    assert reading.explanation(make_answer(outcome, score)) == text


def test_advice_is_given_where_something_can_be_done() -> None:
    assert reading.advice(make_answer()) == []
    assert len(reading.advice(make_answer(Outcome.UNRELATED, 0.9))) == 2
    assert reading.advice(make_answer(Outcome.NO_DOCUMENTS, None)) == ["Add a folder with documents on the subject."]


WHY = {
    "decided": [{"by": "subject", "log_odds": -1.5}, {"by": "from the future", "log_odds": -1.0}],
    "change": [
        {"do": "add_document", "words": ["护照"]},
        {"do": "example"},
        {"do": "threshold", "to": 0.91},
        {"do": "from the future"},
    ],
}


def test_what_decided_and_what_would_change_it_come_from_the_record() -> None:
    stage = TraceStage("gate", "refuse", 1.0, detail={"why": WHY})
    refused = dataclasses.replace(make_answer(Outcome.UNRELATED, 0.9), trace=(stage,))
    assert reading.grounds(refused) == ["It does not look like a subject of these documents"]
    add, example, limit = reading.advice(refused)
    assert "“护照”" in add
    assert "the limit learns" in example
    assert "0.91" in limit
    assert reading.grounds(make_answer()) == []


@pytest.mark.parametrize("do", ["add_document", "ask_in", "bilingual_embedder", "name_subject"])
def test_each_change_has_its_words(do: str) -> None:
    stage = TraceStage("gate", "refuse", 1.0, detail={"why": {"change": [{"do": do}]}})
    [tip] = reading.advice(dataclasses.replace(make_answer(Outcome.UNRELATED, 0.9), trace=(stage,)))
    assert tip


def test_signals_against_an_answer_stand_first_in_their_colour() -> None:
    bars = reading.signal_bars({"coverage": 0.9, "unknown_rare": 0.5, "bridge": 0.0, "new signal": 0.2})
    assert [(bar.name, bar.tone) for bar in bars] == [
        ("Subject words missing", "refuse"),
        ("Best passage covers", "accent"),
        ("new signal", "accent"),
    ]


def test_what_is_usual_stands_beside_what_is() -> None:
    stage = TraceStage("gate", "pass", 1.0, detail={"usual": {"coverage": 0.6}})
    bars = reading.signal_bars({"coverage": 0.9, "window": 0.5}, reading.usual_signals([stage]))
    assert [bar.usual for bar in bars] == [0.6, None]
    assert reading.usual_signals([]) == {}


def library(**changes: object) -> LibraryInfo:
    counts = {DocumentState.INDEXED: 1204, DocumentState.FAILED: 3, DocumentState.QUEUED: 12, DocumentState.SKIPPED: 1}
    return dataclasses.replace(LibraryInfo(1, "Handbook", (), counts, 9000, 0, 10**6), **changes)


def test_a_card_counts_every_state_and_says_how_far_it_is() -> None:
    progress = IndexProgress("Handbook", Phase.WORDS, 743, 1204, 62, 100, rate_bytes_per_s=4.2e6, seconds_left=240)
    shown = summarise(library(), progress)
    counts = (shown.indexed, shown.failed, shown.waiting, shown.other)
    assert counts == ("1,204 documents", "3 failed", "12 queued", "1 skipped")
    assert shown.progress is not None and shown.progress.fraction == 0.62
    assert shown.progress.text.startswith("62 %") and shown.progress.text.endswith("4 min left")
    assert activity([library()], {"Handbook": progress}).startswith("Indexing Handbook · 743 of 1,204 files · 62 %")


def test_progress_is_not_invented() -> None:
    assert summarise(library(), None).progress is None
    scanning = summarise(library(), IndexProgress("Handbook", Phase.SCANNING, files_total=40)).progress
    assert scanning is not None and scanning.fraction is None
    vectors = summarise(library(), IndexProgress("Handbook", Phase.VECTORS, chunks_done=1, chunks_total=4)).progress
    assert vectors is not None and vectors.fraction == 0.25
    paused = summarise(library(paused=True), None).progress
    assert paused is not None and paused.paused
    assert activity([library()], {}) == "1,204 documents indexed"
    assert activity([library(), library(id=2)], {}) == "2,408 documents indexed · 2 libraries"


def test_folders_say_what_is_unusual_and_removal_says_its_cost() -> None:
    folder = FolderInfo(1, "Handbook", "/x", FolderState.ONLINE)
    assert folder_note(folder) == ""
    assert "kept" in folder_note(dataclasses.replace(folder, state=FolderState.OFFLINE))
    assert "1,204 documents" in removal_cost(library(), 0) and "question" not in removal_cost(library(), 0)
    assert "7 good and bad questions are deleted too." in removal_cost(library(), 7)
    assert folder_cost(1, 12).startswith("The index of 1 document with 12 passages is deleted")
    assert reindex_cost(library()).startswith("1,204 documents are read again")
