"""Nothing is untranslated; switching works; Qt's own words are left to Qt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from pytestqt.qtbot import QtBot

from hxd_desktop.ui import catalogue, formats
from hxd_desktop.ui.i18n import LANGUAGES, Language, choose_language, plural, read_translations, t, translation_file

_FIELD = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_text_is_translated_with_its_fields(language: str) -> None:
    texts, known = catalogue.collect(), read_translations(translation_file(language))
    assert sorted(set(texts) - set(known)) == []
    assert sorted(set(known) - set(texts)) == [], "no longer used"
    wrong = {text for text in texts if set(_FIELD.findall(text)) != set(_FIELD.findall(known[text]))}
    assert wrong == set()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_the_linguist_file_is_what_the_catalogue_writes(language: str) -> None:
    file = translation_file(language)
    assert file.read_text(encoding="utf-8") == catalogue.render(language, catalogue.collect(), read_translations(file))


def test_texts_that_cannot_be_collected_are_found(tmp_path: Path) -> None:
    package = tmp_path / "a" / "b"
    package.mkdir(parents=True)
    (package / "module.py").write_text("x = plural(3, one, 'many')")
    with pytest.raises(catalogue.NotLiteral):
        catalogue.collect(package)


def test_a_language_is_put_on_and_taken_off(qtbot: QtBot, language: Language) -> None:
    assert (t("Sources"), plural(1, "{n} file", "{n} files"), plural(1200, "{n} file", "{n} files")) == (
        "Sources",
        "1 file",
        "1,200 files",
    )
    language.use("zh_CN")
    assert t("Sources") == "来源" and plural(2, "{n} file", "{n} files") == "2 个文件"
    assert QLocale().name() == "zh_CN"
    assert QCoreApplication.translate("nobody", "knows this") == "knows this"
    language.use("en")
    assert t("Sources") == "Sources"


def test_an_unknown_language_follows_the_system() -> None:
    assert choose_language("zh_CN") == "zh_CN"
    assert choose_language("xx") in LANGUAGES


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s left"), (42, "42 s left"), (95, "2 min left"), (7300, "2 h 2 min left")],
)
def test_time_left(language: Language, seconds: float, text: str) -> None:
    assert formats.time_left(seconds) == text


def test_moments_paths_and_numbers(language: Language) -> None:
    noon = 1_700_000_000
    assert ":" in formats.when(noon, now=noon + 60)
    assert formats.when(noon, now=noon + 3 * 86400).isalpha()
    assert "/" in formats.when(noon, now=noon + 30 * 86400)
    assert formats.short_path("/home/ann/x", home="/home/ann") == "~/x"
    assert formats.short_path("/home/annette/x", home="/home/ann") == "/home/annette/x"
    assert [formats.milliseconds(ms) for ms in (3.14, 250, 1300)] == ["3.1 ms", "250 ms", "1.3 s"]
