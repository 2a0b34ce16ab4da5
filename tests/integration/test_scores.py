"""A library's examples and a language model's marks for them: kept with the example, asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.library import examples
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.models.protocols import GenerationInfo
from hxd_desktop.engine.settings import ScoreSettings


class Model:
    """Marks everything with 7, and counts how often it is asked."""

    def __init__(self, name: str = "seven") -> None:
        self.id = name
        self.asked = 0

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        return GenerationInfo(self.id, "cuda", context_tokens=4096)

    def count_tokens(self, text: str) -> int:
        return len(text)

    def stream(self, messages: Any, *, grammar: str = "", **_: Any) -> Iterator[str]:
        self.asked += 1
        yield " ".join("7" for _ in range(grammar.count(" n ") + grammar.count(" n\n")))

    def close(self) -> None:
        pass


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    made = Model()
    monkeypatch.setattr(ActiveModels, "generator", property(lambda self: made))
    return made


@pytest.fixture
def assistant(tmp_path: Path, model: Model) -> Iterator[Assistant]:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("# Warranty\n\nThe warranty of the kettle lasts three years.\n", encoding="utf-8")
    opened = Assistant.open(tmp_path / "data")
    opened.update_settings(replace(opened.settings, scores=ScoreSettings(mode="on")))
    opened.add_folder(folder)
    opened.index()
    yield opened
    opened.close()


def kept(assistant: Assistant, by: str = "seven") -> dict[str, dict[str, int]]:
    library = assistant.libraries()[0].id
    return examples.marks(assistant._database.reader, library, by)


def test_an_example_is_marked_when_it_is_learnt_and_not_again(assistant: Assistant, model: Model) -> None:
    added = assistant.add_example("How long is the warranty of the kettle?", True)
    assert kept(assistant) == {added.question: {"question": 7, "relevance": 7}}
    assistant.calibrate(scores=True)
    assert model.asked == 1
    assistant.remove_example(added.id)
    assert kept(assistant) == {}


def test_older_examples_are_marked_when_that_is_asked_for(assistant: Assistant, model: Model, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    questions = [f"How long is the warranty of kettle {n}?" for n in range(5)]
    file.write_text(str(questions).replace("'", '"'), encoding="utf-8")
    assistant.import_examples(file)
    assert set(kept(assistant)) == set(questions[-3:])
    assistant.calibrate()
    assert len(kept(assistant)) == 3
    told: list[tuple[int, int]] = []
    assistant.calibrate(scores=True, progress=lambda done, total: told.append((done, total)))
    assert len(kept(assistant)) == 5
    assert told == [(0, 2), (1, 2)]


def test_marking_can_be_stopped_and_what_was_marked_stays(assistant: Assistant, model: Model, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_text(str([f"How long is the warranty of kettle {n}?" for n in range(6)]).replace("'", '"'), "utf-8")
    assistant.import_examples(file)
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        assistant.calibrate(scores=True, cancel=cancel, progress=lambda done, _: cancel.cancel() if done else None)
    assert len(kept(assistant)) == 5  # the latest three when they came, and two now


def test_marks_of_another_model_are_none(assistant: Assistant, model: Model) -> None:
    assistant.add_example("How long is the warranty of the kettle?", True)
    model.id = "eight"
    assert kept(assistant, "eight") == {}
    assistant.calibrate(scores=True)
    assert len(kept(assistant, "eight")) == 1


def test_without_marks_nothing_is_asked(assistant: Assistant, model: Model) -> None:
    assistant.update_settings(replace(assistant.settings, scores=ScoreSettings(mode="off")))
    assistant.add_example("How long is the warranty of the kettle?", True)
    assistant.calibrate(scores=True)
    assert model.asked == 0
