from __future__ import annotations

import pytest

from hxd_desktop.engine.updates.addresses import is_here, is_usable, origin


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/api/v1/repos/a/b/releases?limit=5",
        "https://git.example:8443/x#notes",
        "http://127.0.0.1:8000/feed",
        "http://[::1]/feed",
        "http://localhost/feed",
    ],
)
def test_https_and_this_machine(address: str) -> None:
    assert is_usable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://git.example/feed",
        "http://192.168.1.2/feed",  # near, but somebody else may stand in between
        "http://localhost.git.example/feed",
        "ftp://git.example/feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:secret@git.example/feed",
        "https://git.example@evil.example/",
        "https:///feed",
        "https://git.example:99999/",
        "https://[::1/",
        "https://git.example/\u202egpj.exe",
        "https://git.example/a b",
        "https://git.example/a\nb",
        "https://gıt.example/",
        "https://git.example/" + "a" * 3000,
    ],
)
def test_everything_else_is_not_used(address: str) -> None:
    assert not is_usable(address)


def test_hosts_are_told_apart() -> None:
    assert origin("https://Git.Example/a") == origin("https://git.example/b")
    assert len({origin(f"https://{host}/") for host in ("a.example", "a.example:444", "b.a.example")}) == 3
    assert is_here("http://127.0.0.2/") and not is_here("https://git.example/")
