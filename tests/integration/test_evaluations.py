"""Runs measured, kept and compared on a real library, also beside a copy that writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import SettingsError, StorageError
from tests.support.tiny_onnx import make_embedder

QUESTIONS = [
    {"question": "财务部的负责人是谁？", "answerable": True},
    {"question": "How long is the warranty for kitchen machines?", "answerable": True},
    {"question": "哪支球队赢了昨晚的比赛？", "answerable": False},
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "people.md").write_text(
        "# 财务\n\n财务部的负责人是李建国，报销单在每月 25 日之前提交。\n", encoding="utf-8"
    )
    (folder / "orders.md").write_text("# Warranty\n\nThe warranty for kitchen machines is three years.\n")
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)))
    assistant = Assistant.open(tmp_path / "data")
    assistant.add_folder(folder)
    assistant.index()
    assistant.close()
    yield tmp_path


def test_a_reader_keeps_a_run_and_compares(place: Path) -> None:
    reader = Assistant.open(place / "data", writable=False)
    try:
        evaluations = reader.evaluations
        first = evaluations.keep(evaluations.refusal(place / "q.jsonl"))
        second = evaluations.keep(evaluations.refusal(place / "q.jsonl", calibrate=place / "q.jsonl"))
        assert [run.id for run in evaluations.all()] == [second.id, first.id]
        assert first.setup["gate"] != second.setup["gate"]
        assert first.setup["documents"] == 2
        assert evaluations.get(first.id) == first
        assert evaluations.compare(first.id, second.id)["n"] == 3
        assert [example.question for example in reader.examples()] == []
        evaluations.remove(first.id)
        with pytest.raises(SettingsError):
            evaluations.compare(first.id, second.id)
    finally:
        reader.close()


def test_lists_of_good_and_bad_questions_are_taken_together(place: Path) -> None:
    good, bad = place / "good_questions.json", place / "bad_questions.json"
    good.write_text(json.dumps([q["question"] for q in QUESTIONS if q["answerable"]]))
    bad.write_text(json.dumps([q["question"] for q in QUESTIONS if not q["answerable"]]))
    assistant = Assistant.open(place / "data", writable=False)
    try:
        together = assistant.evaluations.refusal([good, bad], calibrate=[good, bad])
        alone = assistant.evaluations.refusal(place / "q.jsonl")
        assert (together.figures["n"], together.file) == (3, "good_questions.json + bad_questions.json")
        assert together.setup["calibrated_on"] == together.file
        assert together.setup["gate"] != alone.setup["gate"]
    finally:
        assistant.close()


def test_beside_a_writer_a_run_is_measured_and_not_kept(place: Path) -> None:
    writer = Assistant.open(place / "data")
    reader = Assistant.open(place / "data", writable=False)
    try:
        run = reader.evaluations.refusal(place / "q.jsonl")
        with pytest.raises(StorageError, match=r"Process \d+"):
            reader.evaluations.keep(run)
        assert writer.evaluations.keep(run).id == 1
        assert [kept.id for kept in reader.evaluations.all()] == [1]
    finally:
        reader.close()
        writer.close()


def test_a_writer_that_ends_soon_is_waited_for(place: Path) -> None:
    reader = Assistant.open(place / "data", writable=False)
    writer = Assistant.open(place / "data")
    try:
        run = reader.evaluations.refusal(place / "q.jsonl")
        with ThreadPoolExecutor(1) as threads:
            kept = threads.submit(reader.evaluations.keep, run)
            writer.close()
            assert kept.result(30).id == 1
    finally:
        writer.close()
        reader.close()


def test_the_gates_fingerprint_follows_what_the_library_learns(place: Path) -> None:
    assistant = Assistant.open(place / "data")
    try:
        before = assistant.evaluations.refusal(place / "q.jsonl").setup["gate"]
        assert assistant.evaluations.refusal(place / "q.jsonl").setup["gate"] == before
        assistant.calibrate(threshold=0.3)
        assert assistant.evaluations.refusal(place / "q.jsonl").setup["gate"] != before
    finally:
        assistant.close()


def test_passages_name_what_was_indexed(place: Path) -> None:
    rgb = {
        "query": "谁负责财务？",
        "answer": ["李建国"],
        "positive": ["财务部的负责人是李建国。"],
        "negative": ["天气"],
    }
    (place / "rgb.json").write_text(json.dumps(rgb))
    assistant = Assistant.open(place / "data", writable=False)
    try:
        run = assistant.evaluations.qa(place / "rgb.json", passages="all")
        assert (run.library, run.setup["documents"], run.figures["hit@1"]) == ("passages: all", 2, 1.0)
        assert list(place.joinpath("data").glob("trial-*")) == []
    finally:
        assistant.close()


def test_passages_are_asked_with_the_users_models_and_settings(place: Path) -> None:
    (place / "rgb.json").write_text(json.dumps({"query": "谁负责？", "answer": "李", "positive": ["李建国负责财务部"]}))
    assistant = Assistant.open(place / "data")
    try:
        model = assistant.import_model(make_embedder(place / "model"))["id"]
        assistant.use_model(model)
        settings = assistant.settings
        answers, index = replace(settings.answers, top_k=2), replace(settings.index, ignore=("*.txt",))
        assistant.update_settings(replace(settings, answers=answers, index=index))
        setup = assistant.evaluations.qa(place / "rgb.json", passages="all").setup
        assert setup["embedder"].startswith(model)
        assert (setup["settings"]["top_k"], setup["documents"]) == (2, 1)
        assert model in [row["id"] for row in assistant.models()]  # still there
    finally:
        assistant.close()


def test_a_librarys_own_examples_are_judged_without_having_been_seen(place: Path) -> None:
    assistant = Assistant.open(place / "data")
    try:
        with pytest.raises(SettingsError, match="examples"):
            assistant.evaluations.own_examples()
        assistant.change_examples("default", keep=[(q["question"], q["answerable"], "typed") for q in QUESTIONS])
        seen: list[tuple[int, int]] = []
        run = assistant.evaluations.own_examples(progress=lambda done, of: seen.append((done, of)))
        assert seen == [(1, 3), (2, 3), (3, 3)]
        held_out = assistant.calibration().held_out
        assert [(row["score"], row["passed"]) for row in run.rows] == [(e.score, e.passed) for e in held_out]
        assert run.file == "examples" and run.figures["n"] == 3 and all(row["ms"] > 0 for row in run.rows)
        assert assistant.evaluations.keep(run).id > 0
    finally:
        assistant.close()
