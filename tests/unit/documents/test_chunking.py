"""Chunks partition a text exactly, hold the budget, and follow its structure."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.documents.builder import DocumentBuilder, clean
from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.markdown import markdown_document
from hxd_desktop.engine.documents.model import Block, BlockKind, Chunk, ParsedDocument
from hxd_desktop.engine.documents.plain import text_document
from hxd_desktop.engine.settings import ChunkSettings

DEFAULT = ChunkSettings(max_tokens=250, max_cjk_chars=400)
CJK = {*range(0x2E80, 0xA000), *range(0xAC00, 0xD800), *range(0xFF00, 0xFFF0)}


def texts_of(document: ParsedDocument, chunks: list[Chunk]) -> list[str]:
    return [document.text[piece.start : piece.end] for piece in chunks]


def check_partition(document: ParsedDocument, chunks: list[Chunk]) -> None:
    position = 0
    for piece in chunks:
        assert piece.start == position
        assert piece.end > piece.start
        position = piece.end
    assert position == len(document.text)


def check_budget(document: ParsedDocument, chunks: list[Chunk], limits: ChunkSettings) -> None:
    for text in texts_of(document, chunks):
        cjk = sum(ord(char) in CJK for char in text)
        assert cjk + (len(text) - cjk + 3) // 4 <= limits.max_tokens
        if cjk >= 0.15 * len(text):
            assert len(text) <= limits.max_cjk_chars


words = st.text(st.sampled_from("ab .,:!?12中文字。！，；：あ한é\u0301\u200d👍🏽-*|#`\t"), min_size=1, max_size=60)
lines = st.one_of(
    words,
    words.map("# {}".format),
    words.map("### {}".format),
    words.map("- {}".format),
    words.map("  1. {}".format),
    words.map("| {} | |".format),
    st.just("```"),
    st.just(""),
    st.just("==="),
    st.integers(1, 1500).map("x".__mul__),
    st.integers(1, 600).map("长".__mul__),
    st.integers(1, 300).map("A short sentence. ".__mul__),
    st.integers(1, 100).map("一个短句子。".__mul__),
)
limits = st.builds(ChunkSettings, max_tokens=st.integers(1, 300), max_cjk_chars=st.integers(1, 500))


@given(st.lists(lines, max_size=40), limits, st.booleans())
@settings(deadline=None, max_examples=150)
def test_chunks_of_any_text_partition_it_within_the_budget(source: list[str], limits: ChunkSettings, md: bool) -> None:
    text = clean("\n".join(source))
    document = markdown_document(text) if md else text_document(text)
    chunks = chunk(document, limits)
    check_partition(document, chunks)
    check_budget(document, chunks, limits)


@st.composite
def built_documents(draw: st.DrawFn) -> ParsedDocument:
    builder = DocumentBuilder("made")
    for kind in draw(st.lists(st.sampled_from(list(BlockKind)), max_size=30)):
        level = draw(st.integers(1, 6)) if kind is BlockKind.HEADING else 0
        body = draw(words) * draw(st.integers(1, 40))
        builder.add(kind, body, page=draw(st.none() | st.integers(1, 9)), level=level)
    return builder.build()


@given(built_documents(), limits)
@settings(deadline=None, max_examples=150)
def test_chunks_of_any_blocks_partition_the_text(document: ParsedDocument, limits: ChunkSettings) -> None:
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        assert not document.text[position : block.start].strip()
        position = block.end
    chunks = chunk(document, limits)
    check_partition(document, chunks)
    check_budget(document, chunks, limits)


def test_a_document_without_text_gives_no_chunks() -> None:
    assert chunk(ParsedDocument("", (), "text"), DEFAULT) == []


def test_leading_and_trailing_white_space_belongs_to_a_chunk() -> None:
    document = text_document("\n\n  one\n\ntwo\n\n ")
    assert chunk(document, DEFAULT) == [Chunk(0, len(document.text))]


def test_sections_of_some_length_are_chunks_with_their_heading_path() -> None:
    body = "A sentence of some length that says something. " * 8
    document = markdown_document(
        f"# Guide\n\n{body}\n\n## Install\n\n{body}\n\n### From source\n\n{body}\n\n## Use\n\n{body}\n"
    )
    chunks = chunk(document, DEFAULT)
    assert [piece.heading for piece in chunks] == [
        "Guide",
        "Guide > Install",
        "Guide > Install > From source",
        "Guide > Use",
    ]
    assert all(text.startswith("#") for text in texts_of(document, chunks))


def test_small_sibling_sections_are_joined_under_their_common_path() -> None:
    document = markdown_document("# Q&A\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n\n## Three\n\nThird.\n")
    assert [piece.heading for piece in chunk(document, DEFAULT)] == ["Q&A"]


def test_a_heading_alone_lends_its_path_to_nothing() -> None:
    body = "Words and more words. " * 30
    document = markdown_document(f"# Title\n\n## Overview\n\n{body}\n")
    assert [piece.heading for piece in chunk(document, DEFAULT)] == ["Title > Overview"]


def test_a_small_section_does_not_join_a_higher_one() -> None:
    body = "Words and more words. " * 20
    document = markdown_document(
        f"## A\n\n{body}\n\n### Small\n\nTiny but here, with words enough to stand alone. {'x ' * 60}\n\n# B\n\n{body}"
    )
    assert [piece.heading for piece in chunk(document, DEFAULT)] == ["A", "A > Small", "B"]


def test_a_heading_is_never_the_end_of_a_chunk() -> None:
    sections = "".join(f"## Heading {i}\n\n{'Something to read here. ' * 40}\n\n" for i in range(12))
    document = markdown_document(sections)
    for text in texts_of(document, chunk(document, DEFAULT)):
        assert not text.rstrip().rsplit("\n", 1)[-1].startswith("#")


def test_long_sections_are_cut_between_paragraphs_rather_than_list_items() -> None:
    items = "".join(f"- item {i} {'word ' * 8}\n" for i in range(12))
    document = markdown_document(f"{items}\nA paragraph. {'Text. ' * 60}\n\n{items}")
    texts = texts_of(document, chunk(document, DEFAULT))
    assert texts[0].rstrip().endswith("word")
    assert texts[1].startswith("A paragraph.")


def test_long_tables_are_cut_between_rows_and_keep_their_header_with_the_first() -> None:
    rows = "".join(f"| name {i} |  | {'value ' * 6}|\n" for i in range(60))
    document = markdown_document(f"| a | b | c |\n|---|---|---|\n{rows}")
    texts = texts_of(document, chunk(document, DEFAULT))
    assert len(texts) > 2
    assert all(text.startswith("|") and text.endswith("|\n") for text in texts)
    assert texts[0].startswith("| a | b | c |\n|---|---|---|\n| name 0")


def test_long_paragraphs_are_cut_between_sentences_of_either_script() -> None:
    english = text_document("This is one sentence of the text. " * 200)
    for text in texts_of(english, chunk(english, DEFAULT)):
        assert text.endswith(("text. ", "text."))
    chinese = text_document("这是一个不长的句子，说明一件事情。" * 100)
    for text in texts_of(chinese, chunk(chinese, DEFAULT)):
        assert text.endswith("。")


def test_long_code_is_cut_between_lines_at_gaps_if_there_are_any() -> None:
    body = "".join(f"def f{i}():\n    x = {i}\n    return x * {i}\n\n" for i in range(60))
    document = markdown_document(f"```python\n{body}```\n")
    texts = texts_of(document, chunk(document, DEFAULT))
    assert len(texts) > 2
    assert all(text.startswith("def ") for text in texts[1:])


def test_one_endless_word_is_cut_at_the_budget_but_not_inside_a_character() -> None:
    document = text_document("e\u0301" * 3000)
    for text in texts_of(document, chunk(document, DEFAULT)):
        assert text.startswith("e")
    check_budget(document, chunk(document, DEFAULT), DEFAULT)


def test_the_page_is_where_the_chunk_starts() -> None:
    builder = DocumentBuilder("made")
    for page in range(1, 6):
        builder.paragraph(f"Page {page}. " + "Text of the page goes on. " * 30, page=page)
    document = builder.build()
    chunks = chunk(document, DEFAULT)
    assert [piece.page for piece in chunks] == [1, 2, 3, 4, 5]


def test_the_last_two_chunks_of_a_section_are_alike_in_length() -> None:
    document = text_document("\n\n".join("Words in a paragraph. " * 5 for _ in range(12)))
    lengths = [piece.end - piece.start for piece in chunk(document, DEFAULT)]
    assert min(lengths) > 0.5 * max(lengths)


def test_time_is_linear_in_the_length() -> None:
    def seconds(count: int) -> float:
        document = ParsedDocument(
            "x " * count, tuple(Block(BlockKind.LIST_ITEM, 2 * i, 2 * i + 1) for i in range(count)), "made"
        )
        started = time.perf_counter()
        chunk(document, DEFAULT)
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(80_000) < 40 * max(seconds(8_000), 0.002)
