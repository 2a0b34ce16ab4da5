from __future__ import annotations

from hxd_desktop.engine.documents.markdown import parse_markdown
from hxd_desktop.engine.documents.plain import parse_text
from hxd_desktop.engine.documents.rst import parse_rst
from hxd_desktop.engine.documents.structure import source_blocks, text_hash

TEXT = "Title\n=====\n\n- one\n- two\n\nA paragraph.\n"


def test_what_is_its_own_source_is_built_as_when_it_was_read() -> None:
    for kind, parse in (("markdown", parse_markdown), ("text", parse_text), ("rst", parse_rst)):
        assert source_blocks(kind, TEXT) == parse(TEXT.encode()).blocks
    [whole] = source_blocks("code", "a\n\nb\n") or ()
    assert (whole.start, whole.end) == (0, 5)


def test_only_the_file_tells_how_others_are_built() -> None:
    assert source_blocks("docx", TEXT) is None
    assert source_blocks("", TEXT) is None


def test_a_text_is_known_by_its_hash() -> None:
    assert text_hash("a") == text_hash("a") != text_hash("b")
    assert len(text_hash("\ud800")) == 16
