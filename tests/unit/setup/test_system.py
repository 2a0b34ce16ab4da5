from __future__ import annotations

from collections.abc import Sequence

import pytest

from hxd_setup import system
from hxd_setup.system import COMPILER, WINDOW, Need, install_line, package_manager, provide


def need(name: str, present: bool = False) -> Need:
    return Need(name, {"apt-get": f"{name}-deb", "dnf": f"{name}-rpm"}, lambda: present)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Keep what would have been run, and pretend that it was."""
    ran: list[list[str]] = []

    def pretend(command: Sequence[str], env: object = None, output: object = None) -> int:
        ran.append(list(command))
        return 0

    monkeypatch.setattr(system, "run", pretend)
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    return ran


@pytest.mark.parametrize(
    ("platform", "there", "expected"),
    [
        ("linux", {"apt-get", "dnf"}, "apt-get"),
        ("linux", {"dnf"}, "dnf"),
        ("linux", {"pacman"}, "pacman"),
        ("linux", set(), None),
        ("darwin", {"brew"}, "xcode"),
        ("win32", set(), "winget"),
    ],
)
def test_the_package_manager_is_the_platform_s_own(platform: str, there: set[str], expected: str | None) -> None:
    assert package_manager(platform, lambda name: name if name in there else None) == expected


def test_the_line_is_exact_and_asks_for_rights_only_where_they_are_lacking() -> None:
    needs = [need("b"), need("a")]
    assert install_line(needs, "apt-get") == "apt-get install -y --no-install-recommends a-deb b-deb"
    assert install_line(needs, "dnf", administrator=False) == "sudo dnf install -y a-rpm b-rpm"
    assert install_line([COMPILER], "xcode", administrator=False) == "xcode-select --install"
    assert install_line([COMPILER], "winget", administrator=False).startswith("winget install -e --id Microsoft.")


def test_an_unknown_system_gets_the_names() -> None:
    assert install_line([need("a"), need("b")], None) == "a, b"


@pytest.mark.parametrize("manager", ["apt-get", "dnf", "pacman", "zypper"])
def test_every_need_has_a_package_for_every_linux_manager(manager: str) -> None:
    assert [need.name for need in (*WINDOW, COMPILER) if not need.packages.get(manager)] == []


def test_root_on_debian_gets_it_installed(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_administrator", lambda: True)
    seen = iter([False, True])
    assert provide([Need("lib", {"apt-get": "libdeb"}, lambda: next(seen))], "for the window")
    assert commands[-1][:2] == ["apt-get", "install"]
    assert commands[-1][-1] == "libdeb"


def test_an_ordinary_user_is_told_the_line_and_nothing_is_run(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "is_administrator", lambda: False)
    assert not provide([need("lib"), need("there", present=True)], "for the window")
    assert commands == []
    told = capfd.readouterr().err
    assert "Missing for the window: lib.\n" in told
    assert "To install:  sudo apt-get install -y --no-install-recommends lib-deb\n" in told


def test_what_apt_could_not_bring_is_named(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "is_administrator", lambda: True)
    assert not provide([need("lib")], "for the window")
    assert commands
    assert "To install:  apt-get install" in capfd.readouterr().err


def test_nothing_is_said_where_nothing_is_missing(commands: list[list[str]], capfd: pytest.CaptureFixture[str]) -> None:
    assert provide([need("lib", present=True)], "for the window")
    assert (commands, capfd.readouterr().err) == ([], "")


def test_the_compiler_that_CXX_names_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    monkeypatch.setattr(system.sys, "platform", "linux")
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("CXX", "clang++-17 -stdlib=libc++")
    assert system.compiler() == "/usr/bin/clang++-17"
    monkeypatch.delenv("CXX")
    assert system.compiler() == "/usr/bin/c++"


def test_a_library_that_does_not_exist_cannot_be_loaded() -> None:
    assert not system.can_load("libno-such-thing.so.0")
