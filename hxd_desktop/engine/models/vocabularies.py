"""What a model's vocabulary says of the languages that it was made for."""

from __future__ import annotations

from collections.abc import Sequence

_HAN = range(0x4E00, 0xA000)
_ENOUGH_HAN = 3000  # tokens that are one Chinese character: an English vocabulary has some hundred
_ENOUGH_LATIN = 8000  # tokens in Latin letters: a Chinese vocabulary has fewer
_MULTILINGUAL = 150_000  # tokens: XLM-RoBERTa has 250,000, one-language models 20,000 to 50,000


def languages_of(vocabulary: Sequence[str]) -> set[str]:
    """Guess what a model was made for by its tokens: a set of "zh", "en", or "*" for many languages.

    A model says nowhere which languages it knows; a vocabulary without its characters rules a language out.
    """
    if len(vocabulary) >= _MULTILINGUAL:
        return {"*"}
    bare = [token.removeprefix("##").removeprefix("\u2581").removeprefix("\u0120") for token in vocabulary]
    found = set()
    if sum(len(token) == 1 and ord(token) in _HAN for token in bare) >= _ENOUGH_HAN:
        found.add("zh")
    if sum(token.isascii() and token.isalpha() for token in bare) >= _ENOUGH_LATIN:
        found.add("en")
    return found
