"""Names and Markdown from strangers: shown and saved so that nothing loads, runs, or reads as something else."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.chat.exchange import Exchange, Phase, answer_markdown
from hxd_desktop.ui.conversations import export
from hxd_desktop.ui.harmless import file_name, harmless, shown, tip
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.rich_text import DIALECT, RichText
from hxd_desktop.ui.saving import save_table
from hxd_desktop.ui.theme import Theme
from tests.ui.test_exchange import make_answer

EVIL = """![pic](http://tracker.example/x.png) ![by name][ref] [run](javascript:alert(1)) [jump](cite:abc) [[1]](cite:1)
[a](<file:///etc/passwd>) [b]( data:text/html,x) [c](&#106;avascript:x) [d](\\\\server\\share) [e](//server/x)
<img src=x onerror=alert(1)><base href="http://evil.example/"><meta http-equiv=refresh><style>a{background:url(http://x)}
</style><script>alert(1)</script> <javascript:alert(1)> [1]

[ref]: file:///home/picture.png
[ok]: https://page.example/
"""


def test_markdown_of_documents_loads_and_runs_nothing() -> None:
    document = QTextDocument()
    document.setMarkdown(harmless(EVIL), DIALECT)
    made = document.toHtml()
    assert "<img" not in made and "<script" not in made
    for scheme in ("javascript:", "file:", "data:", "cite:", "//server"):
        assert f'href="{scheme}' not in made, scheme
    assert 'href="http://tracker.example/x.png"' in made, "a picture is a link, which is asked about"
    assert "alert(1)" in document.toPlainText(), "what is taken out of action can still be read"


@pytest.mark.parametrize(
    "kept",
    [
        "[a](https://x.example/a?b=c:d) [b](mailto:a@b.example) [c](docs/a.md#b) [d](#part) <https://x.example>",
        "Rust: `vec![1]`\n\n```rust\nlet a = vec![1]; // <b>\n```\n\n~~~\n![a](b:c)\n~~~",
        "1 < 2 and a <- b, [1], \\[x\\], - [ ] to do\n\n[docs]: docs/%E6%96%87.md",
    ],
)
def test_what_means_no_harm_stays_as_it_is(kept: str) -> None:
    assert harmless(kept) == kept


def evil_exchange(generator: str, document: str) -> Exchange:
    answer = make_answer(text=EVIL)
    answer.model["generator"] = generator
    sources = tuple(replace(source, document=document, heading="A\n# B") for source in answer.sources)
    return Exchange("Is\u202e it?", answer=replace(answer, sources=sources), phase=Phase.DONE)


@pytest.mark.parametrize("generator", ["extractive", "a-model"])
@pytest.mark.parametrize("document", ["/a/b.md", "/a/b.txt"])
def test_an_answer_and_its_exports_load_and_run_nothing(language: Language, generator: str, document: str) -> None:
    exchange = evil_exchange(generator, document)
    made = export.conversation_html("T\u202e", [exchange])
    for part in ("<img", "<script", "<base", "<meta http", 'href="javascript', 'href="file', 'href="cite'):
        assert part not in made, part
    assert "](cite:1)" in answer_markdown(exchange) and "](cite:abc)" not in answer_markdown(exchange)
    assert "](cite:" not in export.exchange_markdown(exchange)


def test_a_picture_of_the_disk_does_not_get_into_a_pdf(language: Language, tmp_path: Path) -> None:
    picture = Path("docs/pictures/refused.en.png").resolve()
    answer = make_answer(text=f"![x]({picture.as_uri()}) ![y]({picture}) [1]")
    answer.model["generator"] = "a-model"
    exchange = Exchange("Q", answer=answer, phase=Phase.DONE)
    with pymupdf.open(stream=export.pdf_of("T", [exchange]), filetype="pdf") as made:
        assert [page.get_images() for page in made] == [[]] * made.page_count


def test_names_stand_on_one_line_and_read_as_they_are_spelled(language: Language) -> None:
    assert shown("plain name.txt") == "plain name.txt"
    assert shown("报告 — é.md") == "报告 — é.md"
    assert shown("a\nb\tc\u202ed\u2066e\u2028f\udcff\x7f") == "a�b�c�d�e�f��"
    assert file_name("/a/new\nline.txt") == "new�line.txt"
    lines = export.exchange_markdown(evil_exchange("a-model", "/a/x\n\n# Sources\n\n1. forged\u202e.txt")).splitlines()
    assert not [line for line in lines if line.startswith(("# ", "1. forged"))]


def test_a_tooltip_is_never_markup() -> None:
    assert tip("a plain tip\nof two lines") == "a plain tip\nof two lines"
    assert "<img" not in tip("<img src='file:///x'> name")


def test_a_citation_that_is_none_is_passed_over(qtbot: QtBot, theme: Theme) -> None:
    text = RichText(theme)
    qtbot.addWidget(text)
    with qtbot.waitSignal(text.citation_clicked) as clicked:
        text.anchorClicked.emit(QUrl("cite:abc"))
    assert clicked.args == [0]


def test_a_table_holds_no_formulas(tmp_path: Path) -> None:
    rows = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-3.5", "+12 %", "plain", 4, None, "  "]
    save_table(tmp_path / "a.csv", [rows])
    with open(tmp_path / "a.csv", encoding="utf-8-sig", newline="") as stream:
        (read,) = csv.reader(stream)
    assert read[:5] == ["'=1+1", "'+cmd|' /C calc'!A0", "'-2+3", "'@SUM(A1)", "'\t=1"]
    assert read[5:] == ["-3.5", "'+12 %", "plain", "4", "", "  "]
