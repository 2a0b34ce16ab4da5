from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hxd_setup import environment, llama
from hxd_setup.console import SetupError

GCC = "/usr/bin/c++"


def attempt(built: bool, compiler: str | None = GCC, options: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "llm": {"recipe": llama.recipe(options), "compiler": compiler, "built": built, "options": list(options)},
    }


@pytest.mark.parametrize(
    ("stamp", "installed", "compiler", "expected"),
    [
        ({}, None, GCC, True),
        ({}, None, None, True),  # it may be installable; if not, that is said once
        (attempt(built=True), "0.3.36", GCC, False),
        (attempt(built=True), "0.3.36", None, False),  # what stands needs no compiler
        (attempt(built=True), None, GCC, True),  # somebody removed it
        (attempt(built=False), None, GCC, False),  # no better than the last time
        (attempt(built=False, compiler=None), None, GCC, True),  # a compiler has come
        (attempt(built=False, compiler=None), None, None, False),
        ({}, "0.3.36", GCC, False),  # installed by hand
        (attempt(built=False), "0.3.36", GCC, False),  # likewise, after an attempt of ours
        ({"llm": {"recipe": "older", "built": True}}, "0.3.35", GCC, True),
        ({"llm": {"recipe": "older", "built": False, "compiler": GCC}}, None, GCC, True),
    ],
)
def test_an_attempt_is_made_only_where_something_changed(
    stamp: dict[str, Any], installed: str | None, compiler: str | None, expected: bool
) -> None:
    assert llama.wanted(stamp, installed, compiler) is expected


def test_options_are_remembered() -> None:
    stamp = attempt(built=True, options=("-DGGML_CUDA=on",))
    assert llama.options_of(stamp) == ["-DGGML_CUDA=on"]
    assert llama.options_of({}) == []
    assert not llama.wanted(stamp, "0.3.36", GCC)


@pytest.mark.parametrize("argument", ["GGML_CUDA=on", "--cuda", "-DGGML_CUDA"])
def test_what_is_no_option_is_refused(argument: str) -> None:
    with pytest.raises(SetupError, match="-DGGML_CUDA=on"):
        llama.checked([argument])


def test_options_become_settings_of_this_one_package() -> None:
    words = llama.config_settings(["-DGGML_CUDA:BOOL=on"], Path("/c/no_common.cmake"))
    assert words == [
        "--config-settings-package",
        "llama-cpp-python:cmake.define.CMAKE_PROJECT_INCLUDE=/c/no_common.cmake",
        "--config-settings-package",
        "llama-cpp-python:cmake.define.GGML_CUDA=on",
    ]


@pytest.fixture
def stamp_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "stamp.json"
    monkeypatch.setattr(environment.write_stamp, "__defaults__", (path,))
    monkeypatch.setattr(environment.read_stamp, "__defaults__", (path,))
    monkeypatch.setattr(llama.system, "compiler", lambda: GCC)
    monkeypatch.setattr(environment, "install_cached", lambda uv, uv_environment, arguments: "not in the cache")
    return path


def test_a_missing_compiler_is_one_paragraph_with_a_remedy(
    stamp_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(llama.system, "provide", lambda needs, purpose: False)
    assert not llama.ensure("uv", {}, [], again=False)
    told = capfd.readouterr().err
    assert "needs a C++ compiler" in told
    assert "answers are quotations until then" in told
    assert "python3 bootstrap.py llm" in told
    assert environment.read_stamp()["llm"]["built"] is False


@pytest.mark.parametrize("works", [True, False])
def test_the_outcome_of_a_build_is_remembered(
    stamp_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], works: bool
) -> None:
    def install(uv: str, uv_environment: object, arguments: list[str]) -> None:
        assert "--require-hashes" in arguments
        if not works:
            raise SetupError("no")

    monkeypatch.setattr(llama.system, "provide", lambda needs, purpose: True)
    monkeypatch.setattr(environment, "install", install)
    assert llama.ensure("no-such-uv", {}, ["-DGGML_CUDA=on"], again=False) is works
    kept = environment.read_stamp()["llm"]
    assert (kept["built"], kept["options"], kept["compiler"]) == (works, ["-DGGML_CUDA=on"], GCC)
    assert ("docs/building-llama.md" in capfd.readouterr().err) is not works


def test_what_another_checkout_built_needs_no_compiler(stamp_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "install_cached", lambda uv, uv_environment, arguments: None)
    monkeypatch.setattr(llama.system, "provide", lambda needs, purpose: pytest.fail("a compiler was looked for"))
    assert llama.ensure("no-such-uv", {}, [], again=False)
    assert environment.read_stamp()["llm"]["built"] is True


def test_what_does_not_compile_is_not_compiled_twice(
    stamp_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    complaint = "error: Failed to build `llama-cpp-python`: no nvcc"
    monkeypatch.setattr(llama.system, "provide", lambda needs, purpose: True)
    monkeypatch.setattr(environment, "install_cached", lambda uv, uv_environment, arguments: complaint)
    monkeypatch.setattr(environment, "install", lambda uv, uv_environment, arguments: pytest.fail("built again"))
    assert not llama.ensure("no-such-uv", {}, ["-DGGML_CUDA=on"], again=True)
    assert complaint in capfd.readouterr().err


def test_the_page_it_points_to_is_there() -> None:
    page = (llama.ROOT / "docs" / "building-llama.md").read_text(encoding="utf-8")
    for option in ("-DGGML_CUDA=on", "-DGGML_VULKAN=on", "-DGGML_METAL"):
        assert option in page
