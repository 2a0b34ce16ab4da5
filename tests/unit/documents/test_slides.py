from __future__ import annotations

import io

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.slides import parse_pptx
from tests.unit.documents.made import compound_file, zip_of


def test_slides() -> None:
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Quarterly\nresults"
    first.placeholders[1].text = "one\ntwo"
    first.notes_slide.notes_text_frame.text = "Say hello."
    second = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = second.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = "A box"
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "in a group"
    table = second.shapes.add_table(3, 2, 0, 0, Inches(1), Inches(1)).table
    for row, texts in enumerate([["A", "B"], ["x", "1"], ["", ""]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 1).text = "2"
    data = CategoryChartData()
    data.categories = ["East"]
    data.add_series("Sales", (1.0,))
    chart = second.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(2), Inches(2), data).chart
    chart.chart_title.text_frame.text = "Sales by region"
    target = io.BytesIO()
    presentation.save(target)
    document = parse_pptx(target.getvalue())
    assert [(b.kind.value, b.page, document.text[b.start : b.end]) for b in document.blocks] == [
        ("heading", 1, "Quarterly results"),
        ("list_item", 1, "one"),
        ("list_item", 1, "two"),
        ("paragraph", 1, "Say hello."),
        ("paragraph", 2, "A box"),
        ("paragraph", 2, "in a group"),
        ("table_row", 2, "A | B"),
        ("table_row", 2, "x | 1"),
        ("table_row", 2, "x | 2"),
        ("paragraph", 2, "Sales by region"),
    ]
    assert document.title == "Quarterly results"


def test_protected_and_damaged() -> None:
    with pytest.raises(Unreadable, match="password"):
        parse_pptx(compound_file({"EncryptedPackage": b"x"}))
    with pytest.raises(Unreadable):
        parse_pptx(zip_of({"ppt/presentation.xml": "<x/>"}))
