from __future__ import annotations

from typing import Any

import pytest

from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.listed_files import MOST_LISTED
from hxd_desktop.engine.answering.model import Answer, Filters, Outcome
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.settings import AnswerSettings
from tests.unit.answering.fakes import FakeGenerator, FakeLibrary

DOCUMENTS = {
    "/docs/hr/leave.md": [
        "Annual leave is 25 days.",
        "Parental leave|Leave for parents is a leave of a year.",
        "Sick notes.",
    ],
    "/docs/hr/travel.md": ["Travel is booked by the office.", "No leave is needed for travel."],
    "/docs/it/travel.md": ["Take your laptop on travel, and connect by VPN."],
    "/docs/it/remote.pdf": ["员工在家办公须先连接虚拟专用网络（VPN）。", "虚拟专用网络断开后五分钟自动重连。"],
    "/mail/notice [2].eml": ["The annual report has the leave of absence in it."],
}


def ask(question: str, *libraries: FakeLibrary, generator: Any = None, **options: Any) -> Answer:
    readers: Any = libraries or (FakeLibrary(DOCUMENTS),)
    return Pipeline(readers, None, None, generator, {}, AnswerSettings()).ask(question, **options)


def test_every_file_is_listed_with_the_passage_that_says_it() -> None:
    answer = ask("which files mention leave?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.answer == "3 files mention “leave”:\nleave.md [1]\ntravel.md [2]\nnotice (2).eml [3]"
    assert [source.document for source in answer.sources] == [
        "/docs/hr/leave.md",
        "/docs/hr/travel.md",
        "/mail/notice [2].eml",
    ]
    assert answer.sources[0].text == "Leave for parents is a leave of a year."
    assert answer.sources[1].text == "No leave is needed for travel."


def test_the_score_is_certain_in_both_directions_and_reads_like_any_other() -> None:
    found, missed = ask("which files mention leave?"), ask("which files mention zebras?")
    limit = Gate().threshold
    assert (found.refusal.score, found.refusal.threshold, found.refusal.reason) == (0.0, limit, None)
    assert (missed.refusal.score, missed.outcome) == (1.0, Outcome.UNRELATED)
    assert missed.refusal.missing_terms == ("zebras",)
    assert "No file mentions “zebras”: no document holds “zebras”." in str(missed.refusal.reason)
    gate = next(stage for stage in missed.trace if stage.stage == "gate")
    assert (gate.score, gate.threshold, gate.verdict, gate.detail["by"]) == (1.0, limit, "refuse", "listing")
    assert gate.detail["why"] == {"change": [{"do": "add_document", "words": ["zebras"]}]}


def test_where_other_kinds_of_file_say_it_no_document_is_missing() -> None:
    gate = next(stage for stage in ask("which pdfs mention leave?").trace if stage.stage == "gate")
    assert gate.detail["why"] == {"change": [{"do": "any_kind"}]}


def test_a_refused_listing_shows_what_comes_nearest() -> None:
    answer = ask("which files mention annual zebras?")
    assert answer.outcome is Outcome.UNRELATED
    assert {"/docs/hr/leave.md", "/mail/notice [2].eml"} <= {source.document for source in answer.sources}


def test_all_words_stand_in_one_passage() -> None:
    assert "2 files mention “annual leave”" in ask("which files mention annual leave?").answer


def test_a_quoted_phrase_stands_there_as_it_is() -> None:
    assert ask('which files mention "annual leave"?').answer == "1 file mentions “annual leave”:\nleave.md [1]"
    refused = ask('which files mention "leave annual"?')
    assert refused.outcome is Outcome.UNRELATED
    assert "no passage holds it as it is quoted" in str(refused.refusal.reason)


def test_another_name_of_the_same_thing_counts() -> None:
    answer = ask("哪些文件提到VPN？")
    assert answer.answer == "有 2 个文件提到“VPN”：\nremote.pdf [1]\ntravel.md [2]"


def test_files_of_one_name_are_told_apart_by_their_folder() -> None:
    assert ask("which files mention travel?").answer.splitlines()[1:] == [
        "hr/travel.md [1]",
        "it/travel.md [2]",
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("which pdfs mention VPN?", "1 PDF mentions “VPN”:\nremote.pdf [1]"),
        ("哪些邮件提到leave", "有 1 封邮件提到“leave”：\nnotice (2).eml [1]"),
    ],
)
def test_only_files_of_the_kind_asked_for_are_listed(question: str, answer: str) -> None:
    assert ask(question).answer == answer


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("which pdfs mention leave?", "No PDF mentions “leave”; 3 other files do. Ask for files of any kind."),
        ("哪些PDF提到leave", "没有一份 PDF提到“leave”；提到它的是 3 个别的文件。不限文件种类再问一次。"),
        (
            "哪些文件提到火星",
            "没有一个文件提到“火星”：文档中没有出现“火星”。添加提到它的文档，或换用文档里的说法再问。",
        ),
    ],
)
def test_why_nothing_is_listed_is_said(question: str, reason: str) -> None:
    assert ask(question).refusal.reason == reason


def test_what_is_never_said_together_is_asked_like_any_other_question() -> None:
    answer = ask("which file contains the laptop of parents?")
    assert [(stage.stage, stage.verdict) for stage in answer.trace][1:3] == [
        ("retrieval", "skip"),
        ("retrieval", "pass"),
    ]
    assert answer.refusal.signals  # the gate has read it


def test_filters_narrow_the_list() -> None:
    assert "1 file mentions" in ask("which files mention travel?", filters=Filters(folder="/docs/it")).answer


def test_long_lists_are_counted_and_their_first_named() -> None:
    many = FakeLibrary({f"/docs/{number:03}.md": ["A zebra."] for number in range(MOST_LISTED + 2)})
    answer = ask("which files mention zebra?", many)
    assert len(answer.sources) == MOST_LISTED
    assert answer.answer.startswith("32 files mention") and answer.answer.endswith("\n2 more files.")


def test_several_libraries_make_one_list() -> None:
    first = FakeLibrary({"/a/one.md": ["A zebra."], "/a/no.md": ["A horse."]}, "first")
    second = FakeLibrary({"/b/two.md": ["A zebra.", "Another zebra."]}, "second")
    answer = ask("which files mention zebra?", first, second)
    assert [(source.library, source.document) for source in answer.sources] == [
        ("second", "/b/two.md"),
        ("first", "/a/one.md"),
    ]
    third = FakeLibrary({"/c/no.md": ["A horse."]}, "third")
    assert ask("which files mention zebra?", third, second).outcome is Outcome.ANSWERED


def test_no_model_is_asked_for_a_list() -> None:
    generator = FakeGenerator(["invented"])
    answer = ask("which files mention leave?", generator=generator)
    assert not generator.messages and answer.model["generator"] == "extractive"
    assert "3 files mention" in answer.answer


def test_answer_anyway_asks_like_any_other_question() -> None:
    answer = ask("which files mention zebras and leave?", force=True)
    assert answer.outcome is Outcome.ANSWERED and answer.refusal.signals
