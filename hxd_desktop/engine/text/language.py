"""Which language a text is in, as far as the gate and the filters need to know.

Decided by script, and among languages in Latin letters by their function words: fast, without a model,
and honest about not knowing ("").
"""

from __future__ import annotations

import re

_SAMPLE = 2_500
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_KANA = re.compile("[\u3040-\u30ff]+")
_HANGUL = re.compile("[\uac00-\ud7af]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_WORD = re.compile(r"[^\W\d_\u2e80-\U0003134f]+")
_ASCII_WORD = re.compile("[A-Za-z]+")

# A Chinese text is full of Latin names; an English text holds hardly any Han characters.
_HAN_SHARE = 0.12

_FUNCTION_WORDS = {
    "en": "the of and to in is that for on with as was at by a an be this are or from it you not have can how what"
    " we if will use do when which your has all when using see than then there these must should",
    "de": "der die und das ist nicht ein eine zu den mit von für auf dem sich auch wie wird bei sind oder als",
    "fr": "le la les des et est une du pour que dans qui sur pas avec sont par plus vous nous au ce cette comment",
    "es": "el la los las que en es una por para con no del se como su al lo más este esta está son cómo",
    "it": "il di che la per un una sono con non del della le gli come più anche nel alla questo dei si",
    "pt": "os as que do da em um uma para com não por mais como se no na dos das ao é são você",
    "nl": "de het een en van is dat niet op te voor met zijn aan er ook als bij door maar hoe wordt",
}
# Fewer different function words than this say nothing in a text of some length.
_FEW, _SHORT_LETTERS = 3, 300

_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the main language of `text`, or "" where it cannot be told.

    "zh" and "en" are what the application is made for; "ja", "ko", "ru", "ar" go by script alone.
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        words = _ASCII_WORD.findall(sample.lower())
        return _by_function_words(set(words), sum(map(len, words)), otherwise="en")
    cjk = "".join(_CJK.findall(sample))
    # Where it has its share even if all the rest is letters, they need not be counted.
    if len(cjk) >= _HAN_SHARE * len(sample):
        return _by_script(cjk)
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    if cjk and len(cjk) >= _HAN_SHARE * (len(cjk) + letters):
        return _by_script(cjk)
    for code, pattern in (("ru", _CYRILLIC), ("ar", _ARABIC)):
        if 2 * len(pattern.findall(sample)) > letters:
            return code
    return _by_function_words({word.lower() for word in words}, letters, otherwise="")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))


def _by_script(cjk: str) -> str:
    hangul, kana = _count(_HANGUL, cjk), _count(_KANA, cjk)
    if 2 * hangul > len(cjk):
        return "ko"
    return "ja" if kana > 0.1 * len(cjk) else "zh"


def _by_function_words(words: set[str], letters: int, otherwise: str) -> str:
    """Return the language with the most function words; `otherwise` where there are hardly any in some letters."""
    # Different words are counted, not how often they come: in a table one abbreviation stands a hundred times.
    votes: dict[str, float] = {}
    for word in sorted(words & _LANGUAGES_OF.keys()):
        languages = _LANGUAGES_OF[word]
        for language in languages:
            votes[language] = votes.get(language, 0.0) + 1 / len(languages)
    if not votes or (max(votes.values()) < _FEW and letters > _SHORT_LETTERS):
        # Too little to go by: plain ASCII letters are most often English.
        return otherwise if letters >= 3 else ""
    return max(votes, key=lambda language: (votes[language], language == "en"))
