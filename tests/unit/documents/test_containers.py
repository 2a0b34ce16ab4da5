from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.containers import local_name, open_zip, parse_xml, read_entry
from hxd_desktop.engine.documents.problems import Unreadable
from tests.unit.documents.made import zip_of


def test_bombs_are_refused_before_anything_is_unpacked() -> None:
    bomb = zip_of({"a.xml": b"\x00" * (80 << 20)})
    assert len(bomb) < 1 << 20
    with pytest.raises(Unreadable, match="unpacks to far more"):
        open_zip(bomb, "a test")


def test_large_but_honest_archives_are_opened() -> None:
    with open_zip(zip_of({"a.xml": b"\x00" * (8 << 20)}), "a test") as archive:
        assert len(read_entry(archive, "a.xml") or b"") == 8 << 20
        assert read_entry(archive, "missing") is None


def test_damage() -> None:
    with pytest.raises(Unreadable, match="a test"):
        open_zip(b"PK\x03\x04nonsense", "a test")
    data = bytearray(zip_of({"a.xml": b"some text that is compressed, compressed, compressed"}))
    data[40:50] = b"\xff" * 10
    with open_zip(bytes(data), "a test") as archive, pytest.raises(Unreadable, match="a\\.xml"):
        read_entry(archive, "a.xml")


def test_xml_reads_no_files_and_expands_no_entities(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("secret", "utf-8")
    root = parse_xml(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><x>a&e;b</x>'.encode())
    assert "secret" not in "".join(root.itertext())
    assert local_name(root) == "x"


def test_billion_laughs_and_deep_nesting_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    with pytest.raises(Unreadable, match="damaged"):
        parse_xml(f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e11;</x>'.encode())
    with pytest.raises(Unreadable, match="nested"):
        parse_xml(b"<x>" * 5000 + b"</x>" * 5000)
