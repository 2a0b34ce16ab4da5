from __future__ import annotations

import json

import pytest

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.data import parse_csv, parse_json, parse_jsonl, parse_notebook
from hxd_desktop.engine.documents.model import BlockKind
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.settings import ChunkSettings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_keeps_every_column_and_blank_cells(delimiter: str) -> None:
    rows = [["name", "note", "price"], ["a", "", "1.5"], ["", "", "2"], ["c", "x", ""]]
    document = parse_csv("\r\n".join(map(delimiter.join, rows)).encode())
    assert document.text == "name | note | price\n\na |  | 1.5\n |  | 2\nc | x | "


def test_csv_of_another_encoding_with_quotes() -> None:
    document = parse_csv('城市,说明\n北京,"首都,有""故宫""\n和长城"\n'.encode("gb18030"))
    assert document.text.endswith('北京 | 首都,有"故宫" 和长城')


def test_the_names_of_the_columns_are_the_heading_of_all_rows() -> None:
    document = parse_csv(("name,price\n" + "".join(f"item number {i},{i}\n" for i in range(500))).encode())
    chunks = chunk(document, ChunkSettings())
    assert len(chunks) > 3
    assert {piece.heading for piece in chunks} == {"name | price"}


def test_csv_without_names_has_no_heading() -> None:
    assert {block.kind for block in parse_csv(b"1,2\n3,4\n").blocks} == {BlockKind.TABLE_ROW}


def test_json_as_lines_of_keys_and_values() -> None:
    value = {
        "name": "茴香豆",
        "tags": ["a", 1, None, True],
        "nested": {"x": {"y": "two\nlines"}, "empty": {}},
        "list": [{"q": "Q1", "a": "A1"}, {"q": "Q2", "a": [[1, 2], [3]]}],
    }
    document = parse_json(json.dumps(value).encode())  # with \u escapes
    assert document.text == (
        "name: 茴香豆\n\ntags: a, 1, null, true\n\n"
        "nested:\n  x:\n    y:\n      two\n      lines\n  empty: {}\n\n"
        "list\n\nq: Q1\na: A1\n\nq: Q2\na:\n  - 1, 2\n  - 3"
    )


def test_json_records_are_blocks() -> None:
    document = parse_json(b'[{"q": "one"}, {"q": "two"}, 3]')
    assert [document.text[b.start : b.end] for b in document.blocks] == ["q: one", "q: two", "3"]


def test_what_is_not_quite_json_is_read_as_it_stands() -> None:
    document = parse_json(b'{\n  // comment\n  "a": 1,\n}\n')
    assert document.text == '{\n  // comment\n  "a": 1,\n}\n'


def test_deep_json_is_refused_not_a_crash() -> None:
    with pytest.raises(RecursionError):
        parse_json(b"[" * 100_000 + b"]" * 100_000)
    with pytest.raises(RecursionError):
        parse_json(b'{"a":' * 100 + b"1" + b"}" * 100)


def test_jsonl() -> None:
    document = parse_jsonl(b'{"a": 1, "b": "x"}\n\nnot json\n{"a": 2}\n')
    assert [document.text[b.start : b.end] for b in document.blocks] == ["a: 1\nb: x", "not json", "a: 2"]


def test_notebook() -> None:
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# Title\n", "\n", "- item"]},
            {
                "cell_type": "code",
                "source": "import x\nx.run()",
                "outputs": [
                    {"output_type": "stream", "text": ["\x1b[31mdone\x1b[0m\n"]},
                    {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": ["<Figure>"]}},
                    {"output_type": "error", "ename": "ValueError", "evalue": "bad"},
                ],
            },
        ]
    }
    document = parse_notebook(json.dumps(notebook).encode())
    assert document.title == "Title"
    assert document.text == "# Title\n\n- item\n\nimport x\nx.run()\n\ndone\n\n<Figure>\n\nValueError: bad"
    assert chunk(document, ChunkSettings())[0].heading == "Title"


@pytest.mark.parametrize("data", [b"{}", b"[]", b"not json", b'{"cells": [1]}'])
def test_what_is_no_notebook(data: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_notebook(data)
