from __future__ import annotations

import os
from pathlib import Path

import pymupdf
import pytest

from hxd_desktop.engine.documents import parse, plain, registry
from hxd_desktop.engine.documents.keys import embedding_key, heading_terms
from hxd_desktop.engine.documents.parse import content_hash, parse_file
from hxd_desktop.engine.settings import ChunkSettings
from hxd_desktop.engine.text.words import index_terms
from tests.unit.documents.made import compound_file, docx_of, zip_of

LIMIT = 1 << 20
SETTINGS = ChunkSettings()


def parsed(path: Path, data: bytes, **options: object) -> dict[str, object]:
    path.write_bytes(data)
    return parse_file(path, SETTINGS, max_bytes=LIMIT, **options)  # type: ignore[arg-type]


def test_all_that_is_kept_of_a_file(tmp_path: Path) -> None:
    body = "Words of the section to read. " * 40
    data = f"# Guide\n\n{body}\n\n## Install\n\n{body}\n".encode()
    reply = parsed(tmp_path / "User_Guide.MD", data)
    assert reply["state"] == "indexed"
    assert (reply["type"], reply["parser"], reply["title"], reply["language"]) == (
        "markdown",
        "markdown",
        "Guide",
        "en",
    )
    assert reply["hash"] == content_hash(data)
    assert len(content_hash(data)) == 16
    assert (reply["size"], reply["mtime_ns"]) == (len(data), (tmp_path / "User_Guide.MD").stat().st_mtime_ns)
    assert reply["text"] == data.decode()
    assert reply["chars"] == len(data)
    chunks = reply["chunks"]
    assert isinstance(chunks, list)
    assert [heading for _, _, _, heading in chunks] == ["Guide", "Guide > Install"]
    for (start, end, page, heading), terms, above, key in zip(
        chunks, reply["terms"], reply["heading_terms"], reply["keys"], strict=True
    ):
        text = data.decode()[start:end]
        assert page is None
        assert terms == index_terms(text)
        assert above == heading_terms("Guide", heading, "User_Guide.MD")
        assert key == embedding_key(heading, text)
    assert isinstance(reply["ms"], float)


def test_a_reply_is_made_of_plain_values(tmp_path: Path) -> None:
    import msgpack

    reply = parsed(tmp_path / "a.txt", "中文 text".encode())
    assert msgpack.unpackb(msgpack.packb(reply), strict_map_key=False) == reply


def test_a_known_content_is_not_parsed_again(tmp_path: Path) -> None:
    reply = parsed(tmp_path / "a.txt", b"text", known_hash=content_hash(b"text"))
    assert reply["state"] == "unchanged"
    assert "chunks" not in reply
    assert parsed(tmp_path / "a.txt", b"other", known_hash=content_hash(b"text"))["state"] == "indexed"


def picture(suffix: str) -> bytes:
    return bytes(pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 40), False).tobytes(suffix))


def scan() -> bytes:
    source = pymupdf.open()
    page = source.new_page()
    pixels = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 9, 9))
    pixels.clear_with(9)
    page.insert_image(page.rect, pixmap=pixels)
    return bytes(source.tobytes())


@pytest.mark.parametrize(
    ("name", "data", "state", "reason"),
    [
        ("empty.md", b"", "empty", "The file is empty."),
        ("blank.txt", b" \n\n ", "empty", "It holds no text."),
        ("scan.PDF", scan(), "needs_ocr", "Its pages are images without text."),
        ("a.pdf", b"%PDF-1.4 nonsense", "failed", "damaged"),
        ("a.docx", compound_file({"EncryptedPackage": b"x"}), "failed", "protected by a password. Save a copy"),
        ("bomb.xlsx", zip_of({"xl/workbook.xml": b"\x00" * (90 << 20)}), "failed", "unpacks to far more"),
        ("a.svg", b"<svg/>", "skipped", "It is an image, not a document."),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00", "failed", "its content is damaged"),
        ("a.jpg", picture("jpg"), "needs_ocr", "It is a picture; text in it is not read."),
        ("a.txt", picture("png"), "needs_ocr", "It is a picture; text in it is not read."),
        ("a.dat", bytes(range(256)), "skipped", "It is a binary file of an unknown format."),
        ("big.txt", b"x" * (LIMIT + 1), "skipped", "It is larger than 1 MB."),
        ("deep.json", b"[" * 200_000, "failed", "nested too deeply"),
        ("lying.pdf", b"only text", "indexed", ""),
        ("REPORT.DOCX", docx_of("<w:p><w:r><w:t>x</w:t></w:r></w:p>"), "indexed", ""),
    ],
)
def test_states_and_reasons(tmp_path: Path, name: str, data: bytes, state: str, reason: str) -> None:
    reply = parsed(tmp_path / name, data)
    assert reply["state"] == state
    assert reason in str(reply["reason"]) if reason else reply["reason"] == ""
    assert "Traceback" not in str(reply["reason"])


def test_missing_and_not_regular(tmp_path: Path) -> None:
    assert parse_file(tmp_path / "none.txt", SETTINGS, max_bytes=LIMIT)["state"] == "missing"
    reply = parse_file(tmp_path, SETTINGS, max_bytes=LIMIT)
    assert (reply["state"], reply["reason"]) == ("skipped", "It is not a regular file.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    reply = parse_file(tmp_path / "pipe.txt", SETTINGS, max_bytes=LIMIT)
    assert (reply["state"], reply["reason"]) == ("skipped", "It is not a regular file.")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_bytes(b"x")
    monkeypatch.setattr(parse.os, "open", refuse)
    reply = parse_file(tmp_path / "a.txt", SETTINGS, max_bytes=LIMIT)
    assert (reply["state"], reply["reason"]) == ("failed", "There is no permission to read it.")


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    real, calls = os.fstat, []

    def fstat(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            path.write_bytes(b"longer than before")
        return real(descriptor)

    monkeypatch.setattr(parse.os, "fstat", fstat)
    assert parse_file(path, SETTINGS, max_bytes=LIMIT)["state"] == "changed"


def test_too_little_memory_and_bugs_of_parsing_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(error: Exception) -> object:
        def parse_text(data: bytes) -> None:
            raise error

        return parse_text

    monkeypatch.setattr(plain, "parse_text", raising(MemoryError()))
    assert "more memory" in str(parsed(tmp_path / "a.txt", b"x")["reason"])
    monkeypatch.setattr(plain, "parse_text", raising(ZeroDivisionError()))
    reply = parsed(tmp_path / "a.txt", b"x")
    assert (reply["state"], "damaged" in str(reply["reason"])) == ("failed", True)


def test_every_format_has_a_parser() -> None:
    import importlib

    from hxd_desktop.engine.documents.formats import Format

    for kind in Format:
        module, function, _ = registry._PARSERS[kind]
        assert callable(getattr(importlib.import_module(f"hxd_desktop.engine.documents.{module}"), function))
