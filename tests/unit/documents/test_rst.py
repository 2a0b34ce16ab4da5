from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.model import BlockKind
from hxd_desktop.engine.documents.rst import parse_rst
from hxd_desktop.engine.settings import ChunkSettings

SOURCE = """\
========
The book
========

Intro text
over two lines.

Install
=======

- one
- two
  more

.. code-block:: bash

   pip install x

   run x

An example::

    literal text

    goes on

使用
----

+---+---+
| a |   |
+---+---+

===  ===
A    B
===  ===
1    2
===  ===

.. note:: Take care.
"""


def test_structure() -> None:
    document = parse_rst(SOURCE.encode())
    kinds = [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]
    assert document.text == SOURCE
    assert document.title == "The book"
    assert kinds == [
        (BlockKind.HEADING, 1, "========\nThe book\n========"),
        (BlockKind.PARAGRAPH, 0, "Intro text\nover two lines."),
        (BlockKind.HEADING, 2, "Install\n======="),
        (BlockKind.LIST_ITEM, 0, "- one"),
        (BlockKind.LIST_ITEM, 0, "- two\n  more"),
        (BlockKind.CODE, 0, ".. code-block:: bash\n\n   pip install x\n\n   run x"),
        (BlockKind.PARAGRAPH, 0, "An example::"),
        (BlockKind.CODE, 0, "    literal text"),
        (BlockKind.CODE, 0, "    goes on"),
        (BlockKind.HEADING, 3, "使用\n----"),
        (BlockKind.TABLE_ROW, 0, "+---+---+"),
        (BlockKind.TABLE_ROW, 0, "| a |   |"),
        (BlockKind.TABLE_ROW, 0, "+---+---+"),
        (BlockKind.TABLE_ROW, 0, "===  ==="),
        (BlockKind.TABLE_ROW, 0, "A    B"),
        (BlockKind.TABLE_ROW, 0, "===  ==="),
        (BlockKind.TABLE_ROW, 0, "1    2"),
        (BlockKind.TABLE_ROW, 0, "===  ==="),
        (BlockKind.PARAGRAPH, 0, ".. note:: Take care."),
    ]


def test_heading_paths_are_free_of_underlines() -> None:
    body = "Some words to read. " * 30
    document = parse_rst(f"=====\nTitle\n=====\n\n{body}\n\nPart\n----\n\n{body}\n".encode())
    assert [piece.heading for piece in chunk(document, ChunkSettings(200, 300))] == ["Title", "Title > Part"]


@given(st.text(st.sampled_from("=-+|.:* \n\tab中1#"), max_size=100))
def test_blocks_of_any_text_are_in_order_and_miss_nothing_visible(source: str) -> None:
    document = parse_rst(source.encode())
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        assert not document.text[position : block.start].strip()
        position = block.end
    assert not document.text[position:].strip()
