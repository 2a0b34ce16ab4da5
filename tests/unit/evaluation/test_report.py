from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.evaluation import pictures, report
from hxd_desktop.engine.evaluation.run import Run
from hxd_desktop.engine.evaluation.runner import qa_figures, refusal_figures

SVG = "{http://www.w3.org/2000/svg}"


def refusal_run(n: int = 60) -> Run:
    rows: list[dict[str, Any]] = [
        {
            "question": f"q{i} <a|b>",
            "answerable": i % 3 == 0,
            "score": (i * 7 % 60) / 60,
            "passed": i * 7 % 60 < 30,
            "ms": 1,
        }
        for i in range(n)
    ]
    setup = {"gate": "0f", "settings": {"top_k": 5}, "reranker": None}
    return Run("refusal", "my|library", "q.jsonl", "ab", 0.0, setup, refusal_figures(rows, 0.5), rows, 4)


def qa_run() -> Run:
    def row(i: int, answered: bool) -> dict[str, Any]:
        return {
            "id": str(i), "question": f"问题{i}", "answers": [["甲", "乙"], ["丙"]], "answered": answered,
            "outcome": "answered" if answered else "unrelated", "score": None if i == 3 else i / 4,
            "answer": "甲和丙 [1]" if answered else "", "refused": not answered, "contains": answered and i != 1,
            "exact_match": False, "bleu": 0.0, "rouge_l": 0.0, "faithfulness_lexical": None,
            "answer_relevance_lexical": None, "faithfulness_llm": None, "answer_relevance_llm": None,
            "rank": i if answered else None, "context_precision": 1.0,
            "context_recall": 1.0, "ms": 2,
        }  # fmt: skip

    rows = [row(0, True), row(1, True), row(2, False), row(3, False)]
    return Run("qa", "default", "qa.jsonl", "ab", 0.0, {}, qa_figures(rows), rows, 5)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("run", [refusal_run(), qa_run()], ids=["refusal", "qa"])
def test_a_report_is_whole(run: Run, tmp_path: Path) -> None:
    report.write(run, tmp_path / "report")
    written = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "report").iterdir()}
    data = json.loads(written["report.json"])
    assert data["rows"] == run.rows
    assert data["figures"] == dict(run.figures)
    drawn = {name for name in written if name.endswith(".svg")}
    assert {part.split(")")[0] for part in written["report.md"].split("](")[1:]} == drawn
    for name in drawn:
        root = ET.fromstring(written[name])
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for element in root.iter():
            for key, limit in (("x", width), ("cx", width), ("y", height), ("cy", height)):
                if key in element.attrib:
                    assert -0.01 <= float(element.attrib[key]) <= limit, (name, element.attrib)


def test_the_words_of_a_report() -> None:
    text = report.markdown(refusal_run(), ["f1.svg"])
    assert "| f1 |" in text
    assert "my\\|library" in text
    assert "&lt;a\\|b>" in text
    assert "top_k 5" in text
    wrong = sum(row["passed"] != row["answerable"] for row in refusal_run().rows)
    assert wrong > 0
    assert f"({min(wrong, 30)}" in text
    answers = report.markdown(qa_run(), [])
    assert "| 问题1 | 甲 / 乙 + 丙 | 甲和丙 \\[1] | 2 |" in answers
    assert "| 问题2 | 甲 / 乙 + 丙 | unrelated | - |" in answers


def test_the_published_values_stand_beside_the_curve_and_apart() -> None:
    svg = pictures.of_refusal(refusal_run().figures, refusal_run().rows)["f1.svg"]
    published = [element for element in ET.fromstring(svg).iter(f"{SVG}text") if "bge" in (element.text or "")]
    assert [text[-5:] for text in texts(svg) if text.startswith(("bce", "bge"))] == [
        "77.57", "75.88", "72.23", "70.62", "63.85",
    ]  # fmt: skip
    heights = [float(element.attrib["y"]) for element in published]
    assert all(below - above >= 14 for above, below in itertools.pairwise(heights))


def test_bars_are_as_high_as_their_counts() -> None:
    rows = [{"score": 0.5, "answerable": True}] * 4 + [{"score": 0.5, "answerable": False}] * 8
    figures = {**refusal_run().figures, "threshold": 0.5}
    root = ET.fromstring(pictures.of_refusal(figures, rows)["scores.svg"])
    bars = {
        element.attrib["fill"]: float(element.attrib["height"])
        for element in root.iter(f"{SVG}rect")
        if "rx" not in element.attrib
    }
    up, down = bars.values()
    assert down == pytest.approx(2 * up, rel=0.01)


def test_a_report_of_one_question_can_be_drawn(tmp_path: Path) -> None:
    report.write(refusal_run(1), tmp_path)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        report.prepare(tmp_path / "file" / "report")
    with pytest.raises(StorageError):
        report.write(refusal_run(), tmp_path / "file" / "report")
