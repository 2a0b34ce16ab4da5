"""Data in text: CSV, JSON, JSON Lines, notebooks."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import chain
from typing import Any

from hxd_desktop.engine.documents.builder import DocumentBuilder, clean
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.markdown import markdown_document
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.plain import parse_code
from hxd_desktop.engine.documents.problems import damaged
from hxd_desktop.engine.documents.tables import add_table

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50
_MAX_PADDED_CELLS = 5_000_000
_MAX_OUTPUT_CHARS = 2000  # of what a notebook's cell printed
_MAX_DEPTH = 60
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def parse_csv(data: bytes) -> ParsedDocument:
    """Parse values separated by commas, semicolons, tabs or bars, of any encoding.

    Raises:
        Unreadable: it is not text.
    """
    text = _decoded(data, "a table")
    csv.field_size_limit(1 << 24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise damaged("a table") from error
    width = max(map(len, rows), default=0)
    if width * len(rows) > _MAX_PADDED_CELLS:  # a single endless line must not make every other one as long
        width = 0
    builder = DocumentBuilder("csv")
    builder.title_from_heading = False
    add_table(builder, [row + [""] * (width - len(row)) for row in rows])
    return builder.build()


def _delimiter(text: str) -> str:
    """The separator that stands equally often in most lines."""
    lines = [line for line in text[: 1 << 16].splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        score = (
            counts.count(usual) / max(len(counts), 1) if usual else 0.3 * sum(map(bool, counts)) / max(len(counts), 1)
        )
        if score > best_score:
            best, best_score = delimiter, score
    return best


def parse_json(data: bytes) -> ParsedDocument:
    """Parse JSON into lines of `key: value`; each element or key at the top is a block.

    What is not quite JSON (comments, as in settings files) is read as code.

    Raises:
        Unreadable: it is not text, or nested too deeply.
    """
    text = _decoded(data, "a JSON file")
    try:
        value = json.loads(text)
    except ValueError:
        return parse_code(data)
    builder = DocumentBuilder("json")
    builder.title_from_heading = False
    _add_value(builder, value)
    return builder.build()


def parse_jsonl(data: bytes) -> ParsedDocument:
    """Parse JSON Lines: each line is a block; a line that is not JSON stays as it is.

    Raises:
        Unreadable: it is not text, or nested too deeply.
    """
    builder = DocumentBuilder("jsonl")
    for line in _decoded(data, "a JSON Lines file").splitlines():
        try:
            value = json.loads(line) if line and not line.isspace() else None
        except ValueError:
            value = line
        if value is not None:
            builder.paragraph("\n".join(_lines(value, 0)))
    return builder.build()


def parse_notebook(data: bytes) -> ParsedDocument:
    """Parse a Jupyter notebook: Markdown cells with their structure, code cells, and what these printed.

    Raises:
        Unreadable: it is not a notebook.
    """
    try:
        notebook = json.loads(_decoded(data, "a notebook"))
        cells = notebook["cells"] if "cells" in notebook else list(chain(*(s["cells"] for s in notebook["worksheets"])))
        builder = DocumentBuilder("notebook")
        for cell in cells:
            source = _source(cell.get("source", cell.get("input", "")))
            kind = cell.get("cell_type")
            if kind == "markdown":
                part = markdown_document(clean(source).strip("\n"))
                builder.include(part)
                builder.title = builder.title or part.title
            elif kind == "heading":
                builder.heading(source, int(cell.get("level", 1)))
            else:
                builder.add(BlockKind.CODE, source)
                for output in cell.get("outputs", ()):
                    builder.add(BlockKind.CODE, _printed(output))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged("a notebook") from error
    return builder.build()


def _source(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def _printed(output: dict[str, Any]) -> str:
    if output.get("output_type") == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
    else:
        text = _source(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return _ANSI.sub("", text[:_MAX_OUTPUT_CHARS])


def _decoded(data: bytes, called: str) -> str:
    text = decode(data)
    if text is None:
        raise damaged(called)
    return text


# JSON as lines


def _add_value(builder: DocumentBuilder, value: Any) -> None:
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for item in value:
            builder.paragraph("\n".join(_lines(item, 0)))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, list) and any(isinstance(element, dict) for element in item):
                builder.heading(str(key), 1)
                for element in item:
                    builder.paragraph("\n".join(_lines(element, 0)))
            else:
                builder.paragraph("\n".join(_lines({key: item}, 0)))
    else:
        builder.paragraph("\n".join(_lines(value, 0)))


def _lines(value: Any, depth: int) -> list[str]:
    """`key: value` for scalars, what is nested two spaces further in, lists of scalars on one line."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        lines: list[str] = []
        for key, item in value.items():
            nested = _lines(item, depth + 1)
            if len(nested) == 1 and not (isinstance(item, dict) and item):
                lines.append(f"{key}: {nested[0]}")
            else:
                lines.append(f"{key}:")
                lines.extend(f"  {line}" for line in nested)
        return lines or ["{}"]
    if isinstance(value, list):
        if not any(isinstance(item, dict | list) for item in value):
            return [", ".join(chain.from_iterable(_lines(item, depth + 1) for item in value))]
        lines = []
        for item in value:
            nested = _lines(item, depth + 1)
            lines.append(f"- {nested[0]}")
            lines.extend(f"  {line}" for line in nested[1:])
        return lines
    if isinstance(value, str):
        return value.splitlines() or [""]
    return ["null" if value is None else "true" if value is True else "false" if value is False else str(value)]
