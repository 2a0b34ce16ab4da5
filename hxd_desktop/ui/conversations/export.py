"""A conversation as Markdown, HTML, PDF or JSON, each with sources and scores. Knows no widgets."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.durable import export_file
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.ui import formats, wording
from hxd_desktop.ui.chat.exchange import Exchange, answer_markdown
from hxd_desktop.ui.harmless import shown
from hxd_desktop.ui.i18n import t

SUFFIXES = (".md", ".html", ".pdf", ".json")
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_SPAN = re.compile(r'<span style="([^"]*)">(.*?)</span>', re.DOTALL)
_LOOK = re.compile(r' style="[^"]*"')
_LINKED = re.compile(r"\[\[(\d+)\]\]\(cite:\d+\)")
_STYLE = (
    "body{font-family:sans-serif;max-width:46em;margin:2em auto;padding:0 1em;line-height:1.5}"
    "h2{font-size:1em;background:#e6ecfb;padding:.6em .8em;border-radius:.5em}"
    "code{background:#e6e9ee;padding:0 .2em}h2 strong{font-weight:inherit}"
    "pre{background:#e6e9ee;padding:.8em;white-space:pre-wrap}table{border-collapse:collapse}"
    "td,th{border:1px solid #d9dde3;padding:.2em .6em}.score,.sources{color:#515a67;font-size:.9em}"
)


def file_name(title: str, suffix: str) -> str:
    """A name for the file of a conversation, valid on every system."""
    plain = " ".join(_UNSAFE.sub(" ", title).split()).strip(" .") or t("Chat")
    return f"{plain[:80].strip()}{suffix}"


def as_meant(file: Path, chosen: str) -> Path:
    """The file that is meant by a name and the suffix of the format `chosen` beside it.

    What was typed counts; the suffix that the dialog began with (the first) does not stand against another format.
    """
    suffix = file.suffix.lower()
    if suffix in SUFFIXES and (suffix != SUFFIXES[0] or chosen == SUFFIXES[0]):
        return file
    return file.with_suffix(chosen) if suffix in SUFFIXES else file.with_name(f"{file.name}{chosen}")


def exchange_markdown(exchange: Exchange, level: int = 2) -> str:
    """Question, answer, reading and sources of one exchange as Markdown."""
    question = shown(" ".join(exchange.question.split()))
    parts = [f"{'#' * level} {_escaped(question)}", _LINKED.sub(r"[\1]", answer_markdown(exchange)).strip()]
    answer = exchange.answer
    verdict = exchange.verdict
    if verdict is not None:
        parts.append(f"*{' · '.join(part for part in (verdict.words, _reading(answer)) if part)}*")
    if answer is not None and answer.sources:
        parts.append(f"{t('Sources')}:")
        parts.append("\n".join(_source_line(answer)))
    return "\n\n".join(part for part in parts if part) + "\n"


def conversation_markdown(title: str, exchanges: Sequence[Exchange]) -> str:
    """The whole conversation as Markdown."""
    return f"# {_escaped(shown(title))}\n\n" + "\n".join(exchange_markdown(exchange) for exchange in exchanges)


def conversation_json(title: str, exchanges: Sequence[Exchange]) -> str:
    """The conversation as a JSON object: `title` and `exchanges`, each with the answer object of the command line."""
    return json.dumps({"title": title, "exchanges": [_object(e) for e in exchanges]}, ensure_ascii=False, indent=2)


def conversation_html(title: str, exchanges: Sequence[Exchange]) -> str:
    """The conversation as one HTML file that loads nothing."""
    from PySide6.QtGui import QTextDocument

    from hxd_desktop.ui.rich_text import DIALECT

    document = QTextDocument()
    body = []
    for exchange in exchanges:
        document.setMarkdown(exchange_markdown(exchange), DIALECT)
        inner = re.search(r"<body[^>]*>(.*)</body>", document.toHtml(), re.DOTALL)
        body.append(f"<section>{_LOOK.sub('', _SPAN.sub(_meant, inner[1] if inner else ''))}</section>")
    name = html.escape(title)
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{name}</h1>\n{''.join(body)}\n</body></html>\n"
    )


def _meant(span: re.Match[str]) -> str:
    """What Qt writes as a look, as what it means."""
    text = span[2]
    if "mono" in span[1].lower():
        text = f"<code>{text}</code>"
    if re.search(r"font-weight:\s*[6-9]00", span[1]):
        text = f"<strong>{text}</strong>"
    return f"<em>{text}</em>" if "italic" in span[1] else text


def pdf_of(title: str, exchanges: Sequence[Exchange]) -> bytes:
    """The conversation as an A4 PDF; may be called on any thread once Qt runs."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QFont, QPageSize, QPdfWriter, QTextDocument

    from hxd_desktop.ui.markdown_look import dress
    from hxd_desktop.ui.palette import LIGHT
    from hxd_desktop.ui.rich_text import DIALECT

    document = QTextDocument()
    font = QFont(document.defaultFont())
    font.setPointSizeF(10)
    document.setDefaultFont(font)
    document.setMarkdown(conversation_markdown(title, exchanges), DIALECT)
    dress(document, LIGHT)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    document.print_(writer)
    del writer  # it writes the end
    return bytes(buffer.data().data())


def save(title: str, exchanges: Sequence[Exchange], file: Path) -> Path:
    """Write the conversation in the format that the name of `file` says; return the file.

    Raises:
        StorageError: it cannot be written.
    """
    makers: dict[str, Any] = {".json": conversation_json, ".html": conversation_html}
    try:
        if file.suffix.lower() == ".pdf":
            export_file(file, pdf_of(title, exchanges))
        else:
            make = makers.get(file.suffix.lower(), conversation_markdown)
            export_file(file, make(title, exchanges).encode())
    except OSError as error:
        raise StorageError(
            t("The chat could not be saved"),
            f"{file}: {error.strerror or error}",
            t("Choose another place for it."),
            file,
        ) from error
    return file


def _reading(answer: Answer | None) -> str:
    if answer is None or answer.refusal.score is None:
        return ""
    score, limit = formats.score(answer.refusal.score), formats.score(answer.refusal.threshold)
    return t("refusal {score} · limit {limit}", score=score, limit=limit)


def _source_line(answer: Answer) -> list[str]:
    from hxd_desktop.ui.evidence.reading import place_of

    lines = []
    for source in answer.sources:
        scores = ", ".join(f"{wording.score_name(name)} {formats.score(v)}" for name, v in source.scores.items())
        place = place_of(source)
        where = " · ".join(_escaped(shown(part)) for part in (source.document, place) if part)
        lines.append(f"{source.n}. {where}" + (f" ({scores})" if scores else ""))
    return lines


def _object(exchange: Exchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "text": exchange.shown_text,
        "answer": to_dict(exchange.answer) if exchange.answer is not None else None,
    }


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)
