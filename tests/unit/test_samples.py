"""The sample documents and their questions belong together."""

from __future__ import annotations

from hxd_desktop.engine import samples


def test_questions_name_documents_that_are_there() -> None:
    for question in samples.questions():
        assert question.covered == (question.document is not None) == (question.contains is not None)
        if question.document:
            assert (samples.documents() / question.document).is_file()


def test_the_demo_asks_covered_chinese_covered_english_and_uncovered() -> None:
    demo = [question for question in samples.questions() if question.demo]
    assert [(question.language, question.covered) for question in demo] == [("zh", True), ("en", True), ("en", False)]


def test_samples_are_small_and_of_several_formats() -> None:
    files = [file for file in samples.documents().rglob("*") if file.is_file()]
    assert {file.suffix for file in files} >= {".md", ".pdf", ".docx", ".xlsx", ".eml", ".html", ".txt"}
    assert all(file.stat().st_size < 60_000 for file in files)
