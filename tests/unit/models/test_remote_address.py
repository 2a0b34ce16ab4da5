from __future__ import annotations

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.models.remote_address import parse_address


@pytest.mark.parametrize(
    ("url", "base", "origin", "near"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434", True),
        ("http://localhost:1234/v1/", "http://localhost:1234/v1", "http://localhost:1234", True),
        ("http://[::1]:8000/v1/chat/completions", "http://[::1]:8000/v1", "http://[::1]:8000", True),
        ("http://192.168.1.5/v1", "http://192.168.1.5/v1", "http://192.168.1.5", True),
        ("http://100.100.3.4:8000/v1", "http://100.100.3.4:8000/v1", "http://100.100.3.4:8000", True),
        ("http://nas:8000/v1", "http://nas:8000/v1", "http://nas:8000", True),
        ("http://studio.local:8000/v1", "http://studio.local:8000/v1", "http://studio.local:8000", True),
        (" https://api.example.com/v1 ", "https://api.example.com/v1", "https://api.example.com", False),
    ],
)
def test_usable_addresses(url: str, base: str, origin: str, near: bool) -> None:
    address = parse_address(url)
    assert (address.base, address.origin, address.near) == (base, origin, near)
    assert address.chat == base + "/chat/completions"


@pytest.mark.parametrize("url", ["http://api.example.com/v1", "http://8.8.8.8/v1", "http://127.0.0.1.example.com/v1"])
def test_plain_http_is_for_private_networks_alone(url: str) -> None:
    with pytest.raises(SettingsError) as failure:
        parse_address(url)
    assert "not encrypted" in failure.value.title
    assert "https" in failure.value.remedy


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:11434", "ftp://127.0.0.1/v1", "file:///etc/passwd", "https://", "http://host:port/v1",
     "https://user:secret@example.com/v1", "https://example.com/v1?key=secret", "https://exa mple.com/v1"],
)  # fmt: skip
def test_other_addresses_are_refused_without_repeating_a_key(url: str) -> None:
    with pytest.raises(SettingsError) as failure:
        parse_address(url)
    assert "secret" not in failure.value.message
