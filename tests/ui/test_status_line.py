"""What the status bar and the running question say of the language model."""

from __future__ import annotations

from hxd_desktop.engine.answering.trace import WAITING
from hxd_desktop.ui import wording
from hxd_desktop.ui.status_line import models_line


def test_what_answers_on_what_and_how_fast() -> None:
    models = {"generator": "InternLM2-7B"}
    run = {"gpu_layers": 33, "layers": 33, "tokens_per_s": 48.2}
    assert models_line(models, run) == "Answers: InternLM2-7B · GPU 33/33 layers · 48 tok/s"
    assert models_line(models, {"gpu_layers": 0, "layers": 33}) == "Answers: InternLM2-7B · CPU"
    assert models_line(models) == "Answers: InternLM2-7B"
    assert models_line({"generator": "extractive"}, run) == "Answers: quotations"


def test_a_question_that_waits_says_for_how_many() -> None:
    assert wording.running(f"{WAITING}1") == "Waiting, 1 question before this"
    assert wording.running(f"{WAITING}2") == "Waiting, 2 questions before this"
