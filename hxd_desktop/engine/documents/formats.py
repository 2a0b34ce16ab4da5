"""Which format a file is in, by its name and its first bytes.

Where the two disagree the bytes win: a PDF named `notes.txt` is read as a PDF. The name decides between formats
that are all text (Markdown, CSV, source code).
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from hxd_desktop.engine.documents.encoding import is_text

HEAD_BYTES = 8192


class Format(StrEnum):
    """A format that can be read; the value is the `type` that is kept and shown."""

    TEXT = "text"
    MARKDOWN = "markdown"
    RST = "rst"
    CODE = "code"
    HTML = "html"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    NOTEBOOK = "notebook"
    PDF = "pdf"
    IMAGE = "image"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    DOC = "doc"
    PPT = "ppt"
    XLS = "xls"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    RTF = "rtf"
    EPUB = "epub"
    EML = "eml"
    MBOX = "mbox"
    MSG = "msg"


def _by_suffix() -> dict[str, Format]:
    named = {
        Format.TEXT: "txt text log nfo lst",
        Format.MARKDOWN: "md markdown mdown mkd mkdn mdwn mdx qmd rmd",
        Format.RST: "rst rest",
        Format.HTML: "html htm xhtml xht shtml",
        Format.CSV: "csv tsv tab",
        Format.JSON: "json geojson webmanifest",
        Format.JSONL: "jsonl ndjson",
        Format.NOTEBOOK: "ipynb",
        Format.PDF: "pdf",
        Format.IMAGE: "png jpg jpeg jpe jfif tif tiff webp bmp dib",
        Format.DOCX: "docx docm dotx dotm",
        Format.PPTX: "pptx pptm ppsx ppsm potx potm",
        Format.XLSX: "xlsx xlsm xltx xltm xlsb",
        Format.DOC: "doc dot",
        Format.PPT: "ppt pps pot",
        Format.XLS: "xls xlt xla",
        Format.ODT: "odt ott",
        Format.ODS: "ods ots",
        Format.ODP: "odp otp",
        Format.RTF: "rtf",
        Format.EPUB: "epub",
        Format.EML: "eml emlx mht mhtml",
        Format.MBOX: "mbox mbx",
        Format.MSG: "msg oft",
        Format.CODE: (
            "py pyi pyx pxd pyw c h cc cpp cxx hh hpp hxx inl m mm cu cuh java kt kts scala groovy gradle cs fs "
            "vb go rs swift dart js mjs cjs jsx ts tsx vue svelte rb php pl pm lua r jl hs lhs ml mli clj cljs "
            "ex exs erl hrl lisp el scm nim zig d pas f f90 f95 for asm s v sv vhd vhdl sh bash zsh fish ps1 "
            "psm1 bat cmd awk sed tcl sql graphql proto thrift cmake mk make bzl dockerfile tf hcl nix yaml yml "
            "toml ini cfg conf properties env xml fodt xsd xsl xslt plist css scss sass less tex bib sty cls "
            "patch diff srt vtt po org adoc asciidoc textile wiki ics vcf glsl hlsl wgsl sol matlab qml pro"
        ),
    }
    return {f".{suffix}": kind for kind, suffixes in named.items() for suffix in suffixes.split()}


_SUFFIXES = _by_suffix()


def known_suffixes() -> frozenset[str]:
    """The suffixes that stand for a format, without the dot."""
    return frozenset(suffix[1:] for suffix in _SUFFIXES)


_TEXTUAL = frozenset(
    {
        Format.TEXT,
        Format.MARKDOWN,
        Format.RST,
        Format.CODE,
        Format.HTML,
        Format.CSV,
        Format.JSON,
        Format.JSONL,
        Format.NOTEBOOK,
        Format.EML,
        Format.MBOX,
    }
)
_OFFICE_PARTS = ((b"word/document", Format.DOCX), (b"ppt/presentation", Format.PPTX), (b"xl/workbook", Format.XLSX))
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Format.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Format.ODS,
    b"application/vnd.oasis.opendocument.presentation": Format.ODP,
    b"application/epub+zip": Format.EPUB,
}
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_STREAMS = (
    ("WordDocument", Format.DOC),
    ("PowerPoint Document", Format.PPT),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
    ("__nameid_version1.0", Format.MSG),
)
_COMPOUND_FORMATS = frozenset({Format.DOC, Format.PPT, Format.XLS, Format.MSG})
_ZIP_FORMATS = frozenset({Format.DOCX, Format.PPTX, Format.XLSX, Format.ODT, Format.ODS, Format.ODP, Format.EPUB})
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_MAIL_START = re.compile(
    rb"(?:(?:Return-Path|Delivered-To|Received|From|To|Subject|Date|Message-ID|MIME-Version|X-[A-Za-z-]+):"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.IGNORECASE,
)
_MBOX_START = re.compile(rb"From \S+ .*\d\d:\d\d.*\r?\n[A-Za-z-]+:")

_IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_TIFF_MAGIC = (b"II*\x00", b"MM\x00*")  # also of cameras' own formats, which their names tell apart
_BITMAP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 108, 124))
_OTHER_MAGIC = (
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"BM", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"ID3", "a sound recording"),
    (b"fLaC", "a sound recording"),
    (b"OggS", "a sound recording or a video"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"PK\x03\x04", "an archive"),
    (b"PK\x05\x06", "an empty archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ\x00", "an archive"),
    (b"(\xb5/\xfd", "an archive"),
    (b"7z\xbc\xaf'\x1c", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"GGUF", "a model"),
)
# A text may well begin with "BM" or "MZ".
_NEVER_TEXT = tuple(magic for magic, _ in _OTHER_MAGIC if not magic.decode("latin-1").isprintable())
_OTHER_SUFFIXES = {".svg": "an image", ".min.js": "machine-made code", ".min.css": "machine-made code"}


def detect(path: PurePath, head: bytes) -> Format | None:
    """Return the format of a file, or None where it is nothing that can be read.

    Args:
        path: Its name; the suffix counts in any case (`REPORT.PDF`).
        head: At least its first `HEAD_BYTES`; with all of its bytes a misnamed Office document is recognised too.
    """
    named = _SUFFIXES.get(path.suffix.lower())
    by_content = _detect_binary(named, head)
    if by_content is not None:
        return by_content
    if head.startswith((b"PK\x03\x04", _COMPOUND)):
        return None
    if head.startswith(_NEVER_TEXT) or path.name.lower().endswith(tuple(_OTHER_SUFFIXES)):
        return None
    if not is_text(head[:HEAD_BYTES]):
        return None
    return _detect_text(named, head)


def describe_unread(path: PurePath, head: bytes) -> str:
    """Say in a sentence why a file for which `detect` gives None is skipped."""
    kind = next((kind for suffix, kind in _OTHER_SUFFIXES.items() if path.name.lower().endswith(suffix)), None)
    kind = kind or next((kind for magic, kind in _OTHER_MAGIC if head.startswith(magic)), None)
    if kind is None and head[4:8] == b"ftyp":
        kind = "an image, a sound recording or a video"
    if kind is None and head[:4] == b"RIFF":
        kind = "an image, a sound recording or a video"
    return f"It is {kind}, not a document." if kind else "It is a binary file of an unknown format."


def _detect_binary(named: Format | None, head: bytes) -> Format | None:
    if b"%PDF-" in head[:1024] and (named is Format.PDF or head.lstrip()[:5] == b"%PDF-"):
        return Format.PDF
    if _is_image(named, head):
        return Format.IMAGE
    if head.startswith(b"{\\rtf"):
        return Format.RTF
    if head.startswith(b"PK\x03\x04"):
        return _detect_zip(named, head)
    if head.startswith(_COMPOUND):
        return _detect_compound(named, head)
    return None


def _is_image(named: Format | None, head: bytes) -> bool:
    if named is Format.IMAGE and head.startswith(_TIFF_MAGIC):
        return True
    if head.startswith(_IMAGE_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return True
    # A text may begin with "BM": a picture goes on with its size, zeros, and the size of its header.
    return head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS


def _detect_zip(named: Format | None, head: bytes) -> Format | None:
    # OpenDocument and EPUB keep their type as the first, uncompressed entry.
    if head[26:28] == b"\x08\x00" and head[30:38] == b"mimetype":
        for mime, kind in _OPEN_DOCUMENT.items():
            if head.startswith(mime, 38):
                return kind
    for part, kind in _OFFICE_PARTS:
        if part in head:
            return kind
    # Only the beginning may have been given: then the name decides.
    return named if named in _ZIP_FORMATS else None


def _detect_compound(named: Format | None, head: bytes) -> Format | None:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return named if named in _ZIP_FORMATS else Format.DOCX  # its parser reports the password
    if named in _COMPOUND_FORMATS and named is not None:
        own = [stream for stream, kind in _COMPOUND_STREAMS if kind is named]
        if any(stream.encode("utf-16-le") in head for stream in own):
            return named
    for stream, kind in _COMPOUND_STREAMS:
        if stream.encode("utf-16-le") in head:
            return kind
    return named if named in _COMPOUND_FORMATS | _ZIP_FORMATS else None


def _detect_text(named: Format | None, head: bytes) -> Format:
    if named is not None and named in _TEXTUAL and named is not Format.TEXT:
        return named
    start = head[3:] if head.startswith(b"\xef\xbb\xbf") else head
    if _HTML_START.match(start):
        return Format.HTML
    if named in (Format.XLS, Format.XLSX):
        return Format.CSV  # many programs "export to Excel" by renaming a table of text
    if named is None and _MBOX_START.match(start):
        return Format.MBOX
    if named is not Format.TEXT and _MAIL_START.match(start):
        return Format.EML
    return Format.TEXT
