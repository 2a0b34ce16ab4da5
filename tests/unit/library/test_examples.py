from __future__ import annotations

import json
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError, StorageError
from hxd_desktop.engine.library import catalog, examples
from tests.support.library import Workbench


def add(bench: Workbench, question: str, answerable: bool, library: str = "default") -> int:
    return bench.database.write(lambda c: examples.add(c, library, question, answerable, "typed")).id


def test_the_same_question_again_changes_its_verdict(bench: Workbench) -> None:
    first = add(bench, " How do I install it? ", True)
    assert add(bench, "How do I install it?", False) == first
    (example,) = examples.all_examples(bench.database.reader, "default")
    assert (example.question, example.answerable, example.source) == ("How do I install it?", False, "typed")


def test_examples_belong_to_one_library(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.ensure_library(c, "other"))
    one, other = add(bench, "Why?", True), add(bench, "Why?", False, "other")
    assert [e.id for e in examples.all_examples(bench.database.reader, "default")] == [one]
    assert bench.database.write(lambda c: examples.remove(c, other)) == "other"
    assert examples.all_examples(bench.database.reader, "other") == []
    with pytest.raises(SettingsError, match="number"):
        bench.database.write(lambda c: examples.remove(c, other))


@pytest.mark.parametrize("question", ["", " \n"])
def test_an_empty_example_is_refused(bench: Workbench, question: str) -> None:
    with pytest.raises(SettingsError):
        add(bench, question, True)
    with pytest.raises(SettingsError):
        add(bench, "Why?", True, "nowhere")


def test_what_the_gate_learnt_is_kept_until_it_is_reset(bench: Workbench) -> None:
    assert examples.calibration_state(bench.database.reader, 1) is None
    state = {"threshold": 0.5, "weights": [1, 2]}
    bench.database.write(lambda c: examples.set_calibration_state(c, 1, state))
    assert examples.calibration_state(bench.database.reader, 1) == state
    bench.database.write(lambda c: examples.set_calibration_state(c, 1, None))
    assert examples.calibration_state(bench.database.reader, 1) is None


@pytest.mark.parametrize(
    ("name", "text", "answerable", "expected"),
    [
        ("good_questions.json", '["Why?", "How?"]', None, [("Why?", True), ("How?", True)]),
        ("bad_questions.json", '["Why?"]', None, [("Why?", False)]),
        ("any.json", '["Why?"]', True, [("Why?", True)]),
        ("good.json", '["Why?"]', False, [("Why?", False)]),
        ("any.jsonl", '{"question": "Why?", "answerable": false}\n\n"How?"\n', True, [("Why?", False), ("How?", True)]),
        ("any.json", '{"question": "Why?", "answerable": true}', None, [("Why?", True)]),
        ("any.json", '[{"question": "Why?"}]', True, [("Why?", True)]),
        ("any.json", "\ufeff[]", None, []),
        ("good.jsonl", '"Why?"', None, [("Why?", True)]),
        ("good.json", "", None, []),
    ],
)
def test_files_of_questions(
    tmp_path: Path, name: str, text: str, answerable: bool | None, expected: list[tuple[str, bool]]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert examples.read_file(tmp_path / name, answerable) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("any.json", b'["Why?"]'),
        ("good_and_bad.json", b'["Why?"]'),
        ("good.json", b"[1]"),
        ("good.json", b"5"),
        ("good.json", b'[{"text": "Why?"}]'),
        ("good.json", b'[{"question": "Why?", "answerable": "yes"}]'),
        ("good.jsonl", b'"Why?"\n{'),
        ("good.json", b"\xff\xfe"),
    ],
)
def test_files_that_are_no_questions_are_an_error_with_a_remedy(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        examples.read_file(tmp_path / name, None)
    assert raised.value.remedy
    assert raised.value.path == tmp_path / name


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_text('"Why?"\n\n"How?"\noops\n')
    with pytest.raises(SettingsError, match="line 4 is not JSON"):
        examples.read_file(tmp_path / "good.jsonl", None)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        examples.read_file(tmp_path / "none.json", True)


def test_a_file_of_many_questions(tmp_path: Path) -> None:
    questions = [f"Question {n}?" for n in range(500)]
    (tmp_path / "good.json").write_text(json.dumps(questions))
    assert [question for question, _ in examples.read_file(tmp_path / "good.json", None)] == questions


def test_several_examples_change_in_one_go(bench: Workbench) -> None:
    add(bench, "Why?", True)
    add(bench, "How?", True)
    keep = [("Why?", False, "typed"), ("When?", True, "chat")]
    bench.database.write(lambda c: examples.change(c, "default", keep, ["How?", "unknown"]))
    kept = [(e.question, e.answerable, e.source) for e in examples.all_examples(bench.database.reader, "default")]
    assert kept == keep
    with pytest.raises(SettingsError):
        bench.database.write(lambda c: examples.change(c, "default", [(" ", True, "typed")], ["Why?"]))
    assert len(examples.all_examples(bench.database.reader, "default")) == 2


def test_what_is_written_is_read_again(bench: Workbench, tmp_path: Path) -> None:
    add(bench, "为什么？", True)
    add(bench, "How?", False)
    file = tmp_path / "questions.json"
    examples.write_file(file, examples.all_examples(bench.database.reader, "default"))
    assert examples.read_file(file, None) == [("为什么？", True), ("How?", False)]
    with pytest.raises(StorageError):
        examples.write_file(tmp_path / "nowhere" / "x.json", [])
