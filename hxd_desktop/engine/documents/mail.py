"""Mail: EML and MBOX through the standard library, MSG in `outlook.py`; attachments are parsed like files.

The subject is a heading, sender, recipients and date a paragraph, each attachment a section under its file name.
"""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message
from pathlib import PurePath

from hxd_desktop.engine.documents.builder import DocumentBuilder, clean, one_line
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.html import add_html, decode_html
from hxd_desktop.engine.documents.letters import MAX_DEPTH, Letter
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.outlook import read_msg
from hxd_desktop.engine.documents.plain import text_document
from hxd_desktop.engine.documents.problems import damaged
from hxd_desktop.engine.errors import DocumentError

_MAX_PARTS = 1000
_MAX_HEADER_CHARS = 4000
_MBOX_START = re.compile(rb"^From [^\r\n]*\r?\n", re.MULTILINE)
_EML_LENGTH_LINE = re.compile(rb"\s*\d{1,12}\s*\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
# What the standard library's parser raises over malformed headers.
_HEADER_ERRORS = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
_SHOWN_HEADERS = ("From", "To", "Cc", "Date")


def parse_eml(data: bytes, *, depth: int = 0) -> ParsedDocument:
    """Parse a mail; `depth` is the number of mails around it.

    Raises:
        Unreadable: it is no mail.
    """
    if length_line := _EML_LENGTH_LINE.match(data):  # Apple Mail begins with the length
        data = data[length_line.end() :]
    letter = _read(data, depth)
    if not letter.headers and not letter.subject:
        raise damaged("a mail")
    builder = DocumentBuilder("mail")
    add_letter(builder, letter, depth=depth)
    builder.title = letter.subject
    return builder.build()


def parse_mbox(data: bytes, *, depth: int = 0) -> ParsedDocument:
    """Parse a mailbox; each mail is a section.

    Raises:
        Unreadable: there is no mail in it.
    """
    builder = DocumentBuilder("mail")
    builder.title_from_heading = False
    starts = [m for m in _MBOX_START.finditer(data) if m.start() == 0 or _after_blank_line(data, m.start())]
    if not starts:
        raise damaged("a mailbox")
    ends = [*(match.start() for match in starts[1:]), len(data)]
    for match, end in zip(starts, ends, strict=True):
        add_letter(builder, _read(_QUOTED_FROM.sub(rb"\1", data[match.end() : end]), depth), depth=depth)
    return builder.build()


def parse_msg(data: bytes, *, depth: int = 0) -> ParsedDocument:
    """Parse an Outlook mail.

    Raises:
        Unreadable: it is damaged.
    """
    letter = read_msg(data)
    builder = DocumentBuilder("mail")
    add_letter(builder, letter, depth=depth)
    builder.title = letter.subject
    return builder.build()


def add_letter(builder: DocumentBuilder, letter: Letter, *, depth: int, level: int = 1) -> None:
    """Append a mail with its attachments; its subject becomes a heading of `level`."""
    if letter.subject:
        builder.heading(letter.subject, level)
    builder.paragraph("\n".join(f"{name}: {value}" for name, value in letter.headers if value))
    if letter.text.strip():
        builder.include(text_document(clean(letter.text).strip()))
    elif letter.html:
        add_html(builder, letter.html, deeper=level)
    for name, data in letter.attachments:
        _attach(builder, name, data, depth, level + 1)
    for enclosed in letter.enclosed:
        if depth < MAX_DEPTH:
            add_letter(builder, enclosed, depth=depth + 1, level=level + 1)


def _attach(builder: DocumentBuilder, name: str, data: bytes, depth: int, level: int) -> None:
    """Append an attachment below its file name; one that cannot be read is at least found by its name."""
    from hxd_desktop.engine.documents.registry import parse_bytes

    builder.add(BlockKind.HEADING, name, level=level)
    if not data or depth >= MAX_DEPTH:
        return
    try:
        _, document = parse_bytes(PurePath(name), data, depth=depth + 1)
    except DocumentError:
        return
    builder.include(document, deeper=level)


# RFC 5322


class _Policy(email.policy.EmailPolicy):
    """The standard library takes time by the square of a header's length; no honest one is that long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER_CHARS]


_POLICY = _Policy()


def _read(data: bytes, depth: int) -> Letter:
    return _letter(email.message_from_bytes(data, policy=_POLICY), depth)


def _letter(message: Message, depth: int) -> Letter:
    letter = Letter(subject=_header(message, "Subject"))
    letter.headers = [(name, value) for name in _SHOWN_HEADERS if (value := _header(message, name))]
    _collect(message, letter, depth)
    return letter


def _header(message: Message, name: str) -> str:
    try:
        return one_line(str(message.get(name, "")))
    except _HEADER_ERRORS:
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return one_line(str(raw))


def _collect(message: Message, letter: Letter, depth: int) -> None:
    stack: list[Message] = [message]
    for _ in range(_MAX_PARTS):
        if not stack:
            return
        part = stack.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message) and depth < MAX_DEPTH:
                letter.enclosed.append(_letter(inner[0], depth + 1))
        elif part.is_multipart():
            parts = part.get_payload()
            stack.extend(sub for sub in reversed(parts if isinstance(parts, list) else []) if isinstance(sub, Message))
        else:
            _add_leaf(part, kind, letter)


def _add_leaf(part: Message, kind: str, letter: Letter) -> None:
    name = _file_name(part)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    is_body = part.get_content_disposition() != "attachment" and not name
    if is_body and kind == "text/plain":
        letter.text = "\n\n".join(filter(None, [letter.text, _decoded(part, data)]))
    elif is_body and kind == "text/html":
        letter.html = letter.html or _decoded(part, data)
    elif name and not (kind.startswith("image/") and part.get_content_disposition() != "attachment"):
        letter.attachments.append((name, data))


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except _HEADER_ERRORS:
        return "attachment"
    return one_line(name).replace("\\", "/").rsplit("/", 1)[-1] if name else ""


def _decoded(part: Message, data: bytes) -> str:
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode({"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(charset, charset))
        except (UnicodeDecodeError, LookupError):
            pass  # what it says is not true: guess
    return (decode_html(data) if part.get_content_type() == "text/html" else decode(data)) or ""


def _after_blank_line(data: bytes, position: int) -> bool:
    return (
        data[max(0, position - 2) : position].endswith(b"\n\n") or data[max(0, position - 4) : position] == b"\r\n\r\n"
    )
