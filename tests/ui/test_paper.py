"""Documents set like documents: what is drawn, and that every letter is marked where it stood in the source."""

from __future__ import annotations

import random
from pathlib import Path, PurePath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextTable
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.engine.documents.registry import parse_bytes
from hxd_desktop.engine.documents.structure import source_blocks
from hxd_desktop.engine.viewing import DocumentView, FileState, Passage
from hxd_desktop.ui.palette import LIGHT
from hxd_desktop.ui.paper.excerpt import Excerpt, excerpt_pieces, in_words
from hxd_desktop.ui.paper.inline import runs_of
from hxd_desktop.ui.paper.model import BOLD, CODE, ITALIC, NOWHERE, STRIKE, Kind, Piece
from hxd_desktop.ui.paper.pieces import pieces_of
from hxd_desktop.ui.paper.widget import PaperText
from hxd_desktop.ui.paper.writer import draw
from hxd_desktop.ui.theme import Theme

MARKDOWN = """---
title: Guide
---

# The *brass* kettle {#top}

<div align="center"><img src="https://example.com/x.png" alt="A kettle"><b>Bold</b> words</div>

Descale it **every six weeks** with `citric acid`; see [the rules](rules.md "R"), [both][Two] and
<https://example.com>. 𝄞 Snake_case_words stay &amp; so does 2 * 3 * 4.

> 借期为**三十天**，
> 可以续借一次。

1. one
2. two
   - deeper
- [x] done

| Kind | Limit |
|:--|--:|
| Train | none |
| Hotel, `a | b` | 98.50 |

```python
def fee(days):
    return days
```

---

Setext
------

[two]: https://example.com/two
"""


def view_of(name: str, text: str, *, kind: str = "", marks: tuple[tuple[int, int], ...] = ()) -> DocumentView:
    data = text.encode()
    found, document = parse_bytes(PurePath(name), data)
    blocks = source_blocks(kind or found.value, document.text) or document.blocks
    passage = Passage("default", name, 0, 0)
    return DocumentView(passage, FileState.SAME, 1, 1, 1, document.text, marks, kind=kind or found.value, blocks=blocks)


def seen(piece: Piece) -> str:
    lines = [piece.line, *piece.lines, *(cell for row in piece.rows for cell in row)]
    return "|".join("".join(run.text for run in line) for line in lines if line)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a **b _c_** d", [("a ", 0), ("b ", BOLD), ("c", BOLD | ITALIC), (" d", 0)]),
        ("snake_case_name ~~gone~~", [("snake_case_name ", 0), ("gone", STRIKE)]),
        ("这是**重点，**后面", [("这是", 0), ("重点，", BOLD), ("后面", 0)]),
        ("`a ``b` and \\*stars\\*", [("a ``b", CODE), (" and ", 0), ("*stars", 0), ("*", 0)]),
        ("2 * 3 * 4 [1][2]", [("2 * 3 * 4 [1][2]", 0)]),
        ("x <!-- hidden --> <kbd>Esc</kbd>", [("x ", 0), (" ", 0), ("Esc", CODE)]),
        ("`open and <!-- open", [("`open and <!-- open", 0)]),
        ("借期为\n三十天 and\nmore", [("借期为", 0), ("三十天 and more", 0)]),
    ],
)
def test_marks_are_left_out_and_looks_are_kept(source: str, shown: list[tuple[str, int]]) -> None:
    assert [(run.text, run.look) for run in runs_of(source)] == shown


def test_links_lead_where_they_say_and_pictures_are_words() -> None:
    line = runs_of(
        "[a *b*](x.md) [![Build](https://ci/b.svg)](https://ci) [Two][] <me@x.org> https://q.org/a_b.",
        addresses={"two": "https://two"},
        picture=lambda alt: f"[{alt}]",
    )
    assert [(run.text, run.link) for run in line if run.link] == [
        ("a ", "x.md"),
        ("b", "x.md"),
        ("[Build]", "https://ci"),
        ("Two", "https://two"),
        ("me@x.org", "mailto:me@x.org"),
        ("https://q.org/a_b", "https://q.org/a_b"),
    ]
    assert [run.start for run in line if run.text == "[Build]"] == [NOWHERE]


@pytest.mark.parametrize(
    "hostile", ["`" * 9000, "`a``b" * 2000, "<!--" * 4000, "[" * 9000, "_a*" * 4000, "[a](" * 3000]
)
def test_a_hostile_line_is_set_without_getting_lost(hostile: str) -> None:
    assert sum(len(run.text) for run in runs_of(hostile)) >= len(hostile) // 3


def test_a_markdown_page_is_set_piece_by_piece() -> None:
    pieces = pieces_of(view_of("kettle.md", MARKDOWN))
    assert [(piece.kind, seen(piece)) for piece in pieces] == [
        (Kind.CODE, "title: Guide"),
        (Kind.HEADING, "The brass kettle"),
        (Kind.TEXT, "[picture: A kettle]Bold words"),
        (
            Kind.TEXT,
            (
                "Descale it every six weeks with citric acid; see the rules, both and https://example.com. 𝄞 "
                "Snake_case_words stay & so does 2 * 3 * 4."
            ),
        ),
        (Kind.QUOTE, "借期为三十天，\u2028可以续借一次。"),
        (Kind.ITEM, "one"),
        (Kind.ITEM, "two"),
        (Kind.ITEM, "deeper"),
        (Kind.ITEM, "done"),
        (Kind.TABLE, "Kind|Limit|Train|none|Hotel, a | b|98.50"),
        (Kind.CODE, "def fee(days):|    return days"),
        (Kind.RULE, ""),
        (Kind.HEADING, "Setext"),
        (Kind.TEXT, "[two]: https://example.com/two"),
    ]
    assert [(piece.level, piece.marker) for piece in pieces if piece.kind is Kind.ITEM] == [
        (1, "1."),
        (1, "2."),
        (2, "•"),
        (1, "☑"),
    ]
    [table] = [piece for piece in pieces if piece.kind is Kind.TABLE]
    assert (table.heads, table.right) == (1, {1})
    assert [piece.language for piece in pieces if piece.kind is Kind.CODE] == ["yaml", "python"]


def test_other_formats_are_set_as_what_they_are() -> None:
    def kinds(name: str, text: str, **more: str) -> list[tuple[Kind, str]]:
        return [(piece.kind, seen(piece)) for piece in pieces_of(view_of(name, text, **more))]

    assert kinds("t.csv", "Name,Days\nLi,3\nHan,12\n") == [(Kind.TABLE, "Name|Days|Li|3|Han|12")]
    mail = "From: a@x.org\nTo: b@x.org\nDate: Mon, 5 Jan 2026\nSubject: Keys\n\nHello\n\n> quoted\n"
    assert kinds("m.eml", mail)[:4] == [
        (Kind.HEADING, "Keys"),
        (Kind.FIELDS, "From|a@x.org|To|b@x.org|Date|Mon, 5 Jan 2026"),
        (Kind.TEXT, "Hello"),
        (Kind.QUOTE, "> quoted"),
    ]
    assert kinds("r.rst", "Head\n====\n\n* a ``b``\n\n.. code:: python\n\n   x = 1\n") == [
        (Kind.HEADING, "Head"),
        (Kind.ITEM, "a b"),
        (Kind.CODE, "x = 1"),
    ]
    assert kinds("s.py", "import os\n\nx = 1\n") == [(Kind.CODE, "import os||x = 1")]
    [json] = pieces_of(view_of("d.json", '{"room": "Map"}'))
    assert [(run.text, run.look) for run in json.line] == [("room", BOLD), (": Map", 0)]
    page = kinds("p.html", "<h1>H</h1><table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>1</td></tr></table>")
    assert page == [(Kind.HEADING, "H"), (Kind.TABLE, "A|B|x|1")]


def test_a_new_slide_says_its_number_and_a_table_that_goes_on_keeps_its_names() -> None:
    passage, text = Passage("default", "x", 0, 0), "One\n\nTwo"
    blocks = (Block(BlockKind.HEADING, 0, 3, 1, 1), Block(BlockKind.HEADING, 5, 8, 2, 1))
    slides = pieces_of(DocumentView(passage, FileState.SAME, 1, 1, 1, text, kind="pptx", blocks=blocks))
    assert [seen(piece) for piece in slides] == ["Slide 1", "One", "Slide 2", "Two"]
    rows = (Block(BlockKind.TABLE_ROW, 0, 6),)
    [table] = pieces_of(
        DocumentView(passage, FileState.SAME, 2, 2, 1, "Li | 3", kind="csv", blocks=rows, above="Name | Days")
    )
    assert seen(table) == "Name|Days|Li|3" and table.heads == 1


def test_every_letter_is_found_where_it_is_drawn(qtbot: QtBot) -> None:
    """Whatever stretch of the source is asked for: what is marked holds its letters, in order, and no others."""
    chance = random.Random(7)
    documents = Path(__file__).parents[2] / "assets" / "samples" / "documents"
    sources = [("kettle.md", MARKDOWN)] + [(file.name, file.read_text("utf-8")) for file in documents.rglob("*.md")]
    for name, source in sources:
        view = view_of(name, source)
        document = QTextDocument()
        drawn = draw(document, pieces_of(view), LIGHT)
        plain = document.toRawText().encode("utf-16-le")
        for run, place in drawn.runs:
            letters = plain[2 * place : 2 * place + 2 * len(run.text.encode("utf-16-le")) // 2].decode("utf-16-le")
            assert letters == run.text
            there = view.text[run.start : run.start + len(run.text)]
            assert run.text in ("&", there.replace("\n", "\u2028"), there.replace("\n", " "))
        for _ in range(50):
            start = chance.randrange(len(view.text))
            end = min(len(view.text), start + chance.randrange(1, 200))
            places = drawn.places(start, end)
            assert places == sorted(places)
            marked = "".join(plain[2 * a : 2 * b].decode("utf-16-le") for a, b in places)
            rest = iter(view.text[start:end].replace("\n", " "))
            assert all(any(letter == other for other in rest) for letter in marked.replace("\u2028", " "))


def test_what_is_not_drawn_is_not_marked(qtbot: QtBot, theme: Theme) -> None:
    start = MARKDOWN.index("https://example.com/x.png")
    shown = PaperText(theme)
    qtbot.addWidget(shown)
    shown.show_view(view_of("kettle.md", MARKDOWN, marks=((start, start + 20),)), source=False, scale=1.0)
    assert not shown.marked and shown.extraSelections() == []
    shown.show_view(view_of("kettle.md", MARKDOWN, marks=((start, start + 20),)), source=True, scale=1.0)
    assert shown.marked
    [selection] = shown.extraSelections()
    assert selection.cursor.selectedText() == "https://example.com/"


def test_a_passage_across_marks_is_marked_word_for_word(qtbot: QtBot, theme: Theme) -> None:
    start, end = MARKDOWN.index("it **every"), MARKDOWN.index("citric acid`") + 11
    shown = PaperText(theme)
    qtbot.addWidget(shown)
    shown.show_view(view_of("kettle.md", MARKDOWN, marks=((start, end),)), source=False, scale=1.25)
    assert "".join(s.cursor.selectedText() for s in shown.extraSelections()) == "it every six weeks with citric acid"
    assert shown.document().defaultFont().pointSizeF() == pytest.approx(shown.font().pointSizeF() * 1.25)


def test_a_passage_in_a_card_is_set_and_its_words_are_marked(qtbot: QtBot, theme: Theme) -> None:
    text = "## Backups\n\nHome **folders** are `kept`.\n\n| Kind | Days |\n|---|---|\n| mail | 90 |"
    shown = Excerpt(theme)
    qtbot.addWidget(shown)
    at = text.index("folders")
    shown.show_excerpt(f"x\n\n{text}\n\ny", "/a/guide.md", [(3, 5), (at + 3, at + 10)], 3, len(text) + 3)
    plain = shown.toPlainText()
    assert "##" not in plain and "**" not in plain and plain.startswith("… Backups") and plain.endswith("…")
    assert [selection.cursor.selectedText() for selection in shown.extraSelections()] == ["folders"]
    assert in_words(text, "/a/guide.md") == "Backups Home folders are kept. Kind Days mail 90"
    assert in_words("A | B\nC | D", "/a/x.xlsx") == "A B C D"
    assert in_words("## kept *as it is*", "/a/plain.txt") == "## kept *as it is*"


def test_a_passage_that_begins_in_code_is_set_as_code_up_to_the_fence() -> None:
    passage = "pip install a\npip install b\n```\n\n**Step 2.** Go on.\n\n```shell\ncd a\n```"
    whole = [(piece.kind, seen(piece)) for piece in excerpt_pieces(passage, "/a/x.md", 0, len(passage))]
    assert whole == [
        (Kind.CODE, "pip install a|pip install b"),
        (Kind.TEXT, "Step 2. Go on."),
        (Kind.CODE, "cd a"),
    ]
    start, end = passage.index("pip install b"), passage.index("cd a")
    part = [(piece.kind, seen(piece)) for piece in excerpt_pieces(passage, "/a/x.md", start, end)]
    assert part == [(Kind.TEXT, "…"), (Kind.CODE, "pip install b"), (Kind.TEXT, "Step 2. Go on. …")]


def test_links_in_a_passage_lead_nowhere() -> None:
    [piece] = excerpt_pieces("See [the rules](https://a.b).", "/a/x.md", 0, 29)
    assert [run.link for run in piece.line] == ["", "", ""]


def test_rows_in_a_passage_of_an_office_document_are_a_table() -> None:
    passage = "Limits\nof hotels\n\nCity | Limit\nSuzhou | 450\n\nPaid later."
    pieces = excerpt_pieces(passage, "/a/rules.docx", 0, len(passage))
    assert [(piece.kind, seen(piece)) for piece in pieces] == [
        (Kind.TEXT, "Limits\u2028of hotels"),
        (Kind.TABLE, "City|Limit|Suzhou|450"),
        (Kind.TEXT, "Paid later."),
    ]


def test_each_cell_stands_in_its_place(qtbot: QtBot, theme: Theme) -> None:
    shown = PaperText(theme)
    qtbot.addWidget(shown)
    shown.show_view(view_of("t.csv", "Name,Days\nLi,3\nHan,12\n"), source=False, scale=1.0)
    [table] = [frame for frame in shown.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    cells = [[table.cellAt(r, c).firstCursorPosition().block().text() for c in range(2)] for r in range(3)]
    assert cells == [["Name", "Days"], ["Li", "3"], ["Han", "12"]]
    assert table.cellAt(1, 1).firstCursorPosition().blockFormat().alignment() == Qt.AlignmentFlag.AlignRight
