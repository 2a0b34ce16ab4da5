from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.answering.scoring import Scorer
from hxd_desktop.engine.answering.trace import Trace
from hxd_desktop.engine.answering.typed_filters import file_filter, split_filters
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary


@pytest.mark.parametrize(
    ("typed", "rest", "filters"),
    [
        ("type:pdf annual budget", "annual budget", Filters(type="pdf")),
        ("预算是多少 类型：.XLSX", "预算是多少", Filters(type="xlsx")),
        ("type:markdown lang:zh 部署", "部署", Filters(type="markdown", language="zh")),
        ("budget since:2026-3", "budget", Filters(since="2026-03-01")),
        ("budget since:2026", "budget", Filters(since="2026-01-01")),
        ('who signed folder:"Board Minutes" ?', "who signed ?", Filters(within="Board Minutes")),
        ("who signed file:minutes.md", "who signed", Filters(document="minutes.md")),
        ('file:"2026/Board minutes" who signed', "who signed", Filters(document="2026/Board minutes")),
        ("谁签字 文件：“2026/纪要.docx”", "谁签字", Filters(document="2026/纪要.docx")),
        ("谁签字 文件夹：“董事会/2026”", "谁签字", Filters(within="董事会/2026")),
    ],
)
def test_filters_are_taken_out_of_a_question(typed: str, rest: str, filters: Filters) -> None:
    assert split_filters(typed) == (rest, filters)


@pytest.mark.parametrize(
    "typed",
    [
        "what does type:ignore do",
        "since:yesterday",
        "since:2026-13",
        "lang:klingon",
        "open file:///etc/hosts.txt",
        "what does file:yes set",
        "mytype:pdf",
        "https://type:pdf",
        "type: pdf",
        "the type:pdf, as one says",
        "",
    ],
)
def test_what_is_no_filter_stays(typed: str) -> None:
    assert split_filters(typed) == (typed, None)


def test_what_was_chosen_comes_before_what_is_typed_and_the_first_typed_counts() -> None:
    assert split_filters("x type:pdf lang:en", Filters(type="md")) == ("x", Filters(type="md", language="en"))
    assert split_filters("x type:pdf type:md") == ("x type:md", Filters(type="pdf"))
    assert split_filters("x", Filters(type="md")) == ("x", Filters(type="md"))


@pytest.mark.parametrize("path", ["2026/Board minutes.docx", "Makefile", 'a "quoted" name.md', "年/“名”.md"])
def test_a_path_becomes_a_filter_that_names_it(path: str) -> None:
    assert split_filters(f"who signed {file_filter(path)}") == ("who signed", Filters(document=path))


def test_a_path_that_no_marks_can_hold_becomes_none() -> None:
    assert file_filter('a "b” c.md') == file_filter("x" * 201) == ""


@given(st.text(alphabet='type:pdflangzh“” "', max_size=60))
def test_any_text_is_taken(text: str) -> None:
    rest, filters = split_filters(text)
    assert (rest == text) is (filters is None)
    assert len(rest) <= len(text)


def test_a_question_is_narrowed_wherever_it_is_scored() -> None:
    trace = Trace()
    scored = Scorer([FakeLibrary(HANDBOOK)], None, None, {}).score("lang:zh 财务部的负责人是谁？", trace=trace)
    assert scored.question.text == "财务部的负责人是谁？"
    retrieval = next(stage for stage in trace.stages if stage.stage == "retrieval")
    assert retrieval.detail["filters"] == {"language": "zh"}
