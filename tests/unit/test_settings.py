from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.settings import AnswerSettings, ChunkSettings, IndexSettings, ModelSettings, Settings


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "settings.toml") == Settings()


@given(
    st.builds(
        Settings,
        chunks=st.builds(ChunkSettings, st.integers(1, 10**6), st.integers(1, 10**6)),
        index=st.builds(
            IndexSettings,
            ignore=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")))).map(tuple),
            parse_timeout_s=st.floats(0.1, 1e6),
        ),
        answers=st.builds(AnswerSettings, top_k=st.integers(1, 100)),
        models=st.builds(ModelSettings, generator=st.text(st.characters(exclude_categories=("Cs", "Cc")))),
    )
)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    path = tmp_path_factory.mktemp("settings") / "deeper" / "settings.toml"
    settings.save(path)
    assert Settings.load(path) == settings
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


def test_a_pattern_that_is_none_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = written(tmp_path / "s.toml", "[safety]\nquestions = ['fine (', '/(/']")
    with pytest.raises(SettingsError) as raised:
        Settings.load(path)
    assert "safety.questions in s.toml: /(/ is not a regular expression" in raised.value.message
    assert "without the slashes" in raised.value.remedy


def test_what_is_left_out_keeps_its_default_and_unknown_keys_are_ignored(tmp_path: Path) -> None:
    path = written(tmp_path / "s.toml", '[index]\nworkers = 3\nfrom_the_future = 1\n[future]\nx = "y"\n')
    assert Settings.load(path) == Settings(index=IndexSettings(workers=3))


def test_a_whole_number_is_taken_for_a_float(tmp_path: Path) -> None:
    path = written(tmp_path / "s.toml", "[index]\npoll_seconds = 2\n")
    value = Settings.load(path).index.poll_seconds
    assert (value, type(value)) == (2.0, float)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[safety]\njudge_limit = 0", "safety.judge_limit"),
        ('[models]\nonnx_device = "gpu"', "models.onnx_device"),
        ("[index]\nworkers = 'two'", "index.workers"),
        ("[index]\nworkers = true", "index.workers"),
        ("[index]\nworkers = 1.5", "index.workers"),
        ("[index]\npoll_seconds = true", "index.poll_seconds"),
        ("[index]\nignore = 'a'", "index.ignore"),
        ("[index]\nignore = [1]", "index.ignore"),
        ("[models]\nembedder = 1", "models.embedder"),
        ("index = 1", "index"),
    ],
)
def test_a_value_of_another_type_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = written(tmp_path / "s.toml", text)
    with pytest.raises(SettingsError) as raised:
        Settings.load(path)
    assert raised.value.message.startswith(f"{named} in s.toml must be")
    assert raised.value.remedy
    assert raised.value.path == path


@pytest.mark.parametrize("content", [b"[index", b"\xff\xfe", b"a = "])
def test_a_file_that_is_no_toml_is_an_error_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        Settings.load(path)
    assert "delete it" in raised.value.remedy


def test_a_folder_in_place_of_the_file_is_an_error_on_loading_and_saving(tmp_path: Path) -> None:
    (tmp_path / "s.toml").mkdir()
    (tmp_path / "s.toml" / "x").touch()
    with pytest.raises(SettingsError):
        Settings.load(tmp_path / "s.toml")
    with pytest.raises(SettingsError):
        Settings().save(tmp_path / "s.toml")


def test_a_save_that_was_cut_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    Settings(answers=AnswerSettings(top_k=7)).save(path)
    written(tmp_path / "s.toml.new", "[answers\ntop_k = ")
    assert Settings.load(path).answers.top_k == 7
    Settings(answers=AnswerSettings(top_k=8)).save(path)
    assert tomllib.loads(path.read_text())["answers"]["top_k"] == 8


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().answers.top_k = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        '[rewriting]\nmode = "sometimes"',
        "[rewriting]\nphrasings = 9",
        '[remote]\nwhen = "never"',
        "[remote]\ntimeout_s = 0",
    ],
)
def test_values_outside_their_range_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as failure:
        Settings.load(file)
    assert text.split()[0].strip("[]") + "." in failure.value.message
