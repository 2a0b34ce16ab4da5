"""The window's languages: texts are English in the code and translated by Qt Linguist files.

A text is written `t("Indexing {name}", name=...)`; where its form depends on a number,
`plural(n, "{n} file", "{n} files")`; in a table that is translated later, `mark("...")`.
`hxd_desktop.ui.catalogue` collects them.
"""

from __future__ import annotations

import locale
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from hxd_desktop.engine import paths

CONTEXT = "hxd"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}


def t(text: str, /, **values: object) -> str:
    """Translate `text` into the window's language and fill in `values`."""
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def plural(n: int, one: str, many: str, /, **values: object) -> str:
    """Translate `one` or `many` by the number `n`, which is filled in as `{n}` with the locale's separators."""
    return t(one if n == 1 else many, n=QLocale().toString(n), **values)


def mark(text: str) -> str:
    """Return `text`; marks it for collection where it is translated later through `t`."""
    return text


class LinguistTranslator(QTranslator):
    """Translates from a Qt Linguist source file (`.ts`), so that no compiled file has to be kept beside it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._texts = read_translations(file)

    def translate(self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1) -> str | None:  # type: ignore[override]
        """Return the translation, or None where there is none (an empty text would count as one)."""
        return self._texts.get(source_text) if context == CONTEXT else None

    def isEmpty(self) -> bool:
        """Whether nothing would be translated."""
        return not self._texts


def read_translations(file: Path) -> dict[str, str]:
    """Return source text -> finished translation of a `.ts` file; a missing file gives none."""
    if not file.exists():
        return {}
    texts = {}
    for message in ElementTree.parse(file).getroot().iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.text and translation.get("type") is None:
            texts[message.findtext("source", "")] = translation.text
    return texts


def translation_file(language: str) -> Path:
    """The Linguist file of `language`."""
    return paths.assets() / "translations" / f"{language}.ts"


def choose_language(wanted: str) -> str:
    """Return the language to show: `wanted`, or what the system speaks where it is "" or unknown."""
    if wanted in LANGUAGES:
        return wanted
    names = [*QLocale.system().uiLanguages(), locale.getlocale()[0] or ""]
    for name in names:
        if name.replace("-", "_").lower().startswith("zh"):
            return "zh_CN"
        if name.lower().startswith("en"):
            return "en"
    return "en"


class Language:
    """The installed language of the application; `use` switches it, `remove` takes it off."""

    def __init__(self) -> None:
        self.code = "en"
        self._translators: list[QTranslator] = []
        self._before = QLocale()

    def use(self, wanted: str) -> None:
        """Show `wanted` ("" follows the system); texts made from now on are in it, numbers and dates too."""
        self.remove()
        self.code = choose_language(wanted)
        QLocale.setDefault(QLocale(self.code))
        if self.code == "en":
            return
        own = QTranslator()  # what Qt's own widgets say
        if own.load(f"qtbase_{self.code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._translators.append(own)
        self._translators.append(LinguistTranslator(translation_file(self.code)))
        for translator in self._translators:
            QCoreApplication.installTranslator(translator)

    def remove(self) -> None:
        """Return to English and to the locale from before."""
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators.clear()
        self.code = "en"
        QLocale.setDefault(self._before)
