from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.listing import ANY_KIND, listing_of
from hxd_desktop.engine.answering.preprocess import normalise
from hxd_desktop.engine.documents.formats import Format


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("which files mention VPN?", "VPN"),
        ("Which of my documents talk about parental leave", "parental leave"),
        ("What documents are about the office move?", "office move"),
        ("how many files contain the word fixture", "fixture"),
        ("in which files is the data directory mentioned?", "data directory"),
        ("In which documents does Lantern appear?", "Lantern"),
        ("list all documents about travel", "travel"),
        ("Please show me every file that mentions the warranty.", "warranty"),
        ("find notes on quantum physics", "quantum physics"),
        ("Are there any documents about parental leave?", "parental leave"),
        ("do we have any files that mention refunds", "refunds"),
        ("where is the warranty mentioned?", "warranty"),
        ("有哪些文件提到报销", "报销"),
        ("哪些文档里提到了虚拟专用网？", "虚拟专用网"),
        ("请问有多少份文件涉及出差", "出差"),
        ("列出所有关于差旅的文件", "差旅"),
        ("帮我找一下与固件升级有关的文档", "固件升级"),
        ("关于差旅的资料有哪些？", "差旅"),
        ("提到 VPN 的文件有几个", "VPN"),
        ("有没有关于产假的文档", "产假"),
        ("年假在哪些文件里提到过？", "年假"),
        ("哪里提到了保修", "保修"),
    ],
)
def test_what_the_files_are_asked_for(typed: str, subject: str) -> None:
    listing = listing_of(normalise(typed))
    assert listing is not None
    assert (listing.subject, listing.literal, listing.kind) == (subject, False, ANY_KIND)


@pytest.mark.parametrize(
    ("typed", "formats"),
    [
        ("which PDFs mention VPN", {Format.PDF}),
        ("哪些邮件提到发布", {Format.EML, Format.MBOX, Format.MSG}),
        ("list all e-mails about the release", {Format.EML, Format.MBOX, Format.MSG}),
        ("which spreadsheets contain Lantern?", {Format.XLSX, Format.XLS, Format.ODS, Format.CSV}),
        ("有哪些幻灯片讲到路线图", {Format.PPTX, Format.PPT, Format.ODP}),
    ],
)
def test_a_kind_of_file_is_taken_at_its_word(typed: str, formats: set[Format]) -> None:
    listing = listing_of(normalise(typed))
    assert listing is not None and listing.kind.formats == formats


@pytest.mark.parametrize(
    "typed", ['which files mention "annual leave"?', "哪些文件提到“年假”", "哪些文件提到「年假」？"]
)
def test_what_is_quoted_has_to_stand_there_as_it_is(typed: str) -> None:
    listing = listing_of(normalise(typed))
    assert listing is not None and listing.literal
    assert listing.subject in ("annual leave", "年假")


@pytest.mark.parametrize(
    "typed",
    [
        "what documents do I need for a refund?",
        "报销需要哪些文件",
        "报销需要的材料有哪些",
        "which file do I have to edit?",
        "where is the office?",
        "which files mention it?",
        "哪些文件提到它",
        "list all travel rules",
        "How do I include a file in a document?",
        "文件在哪里",
        f"which files mention {'very ' * 30}long things",
        "",
    ],
)
def test_other_questions_are_left_alone(typed: str) -> None:
    assert listing_of(normalise(typed)) is None


@given(st.text(max_size=300))
def test_any_text_is_looked_at_without_harm(text: str) -> None:
    listing = listing_of(normalise(text))
    assert listing is None or listing.subject
