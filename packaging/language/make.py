"""Make assets/language/general.npz: how often words stand in general Chinese and English.

    uv run --with wordfreq --with numpy packaging/language/make.py

The counts are those of wordfreq 3 (Robyn Speer; data under CC BY-SA 4.0, from Wikipedia, subtitles, news, books and
the web), turned into the terms that `text.words` makes: pairs of Chinese characters inside a word, English stems, and
how often words begin and end with a character, from which pairs across two words are reckoned.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from hxd_desktop.engine.text import general  # noqa: E402
from hxd_desktop.engine.text.folding import fold  # noqa: E402
from hxd_desktop.engine.text.words import index_terms  # noqa: E402

HAN = re.compile("[\u4e00-\u9fff]+")
LEAST = 3e-7  # rarer than this is as good as unknown


def chinese(words: dict[str, float]) -> dict[str, np.ndarray]:
    """Tables of pairs inside words and of characters at the ends of words, as shares of all characters."""
    pairs, begin, end = (defaultdict(float) for _ in range(3))
    characters = total = 0.0
    for word, share in words.items():
        word = fold(word)
        if HAN.fullmatch(word):
            total += share
            characters += share * len(word)
            begin[word[0]] += share
            end[word[-1]] += share
            for place in range(len(word) - 1):
                pairs[word[place : place + 2]] += share
    tables = {}
    for name, counts, whole in (("pair", pairs, characters), ("begin", begin, total), ("end", end, total)):
        kept = {general.key(text): value / whole for text, value in counts.items() if value / whole >= LEAST}
        tables |= table(name, kept)
    return tables | {"words_per_character": np.float32(total / characters)}


def english(words: dict[str, float]) -> dict[str, np.ndarray]:
    """The table of stems."""
    stems: dict[str, float] = defaultdict(float)
    for word, share in words.items():
        for term in index_terms(word).split():
            stems[term] += share
    return table("word", {general.key(term): value for term, value in stems.items() if value >= LEAST})


def table(name: str, shares: dict[int, float]) -> dict[str, np.ndarray]:
    keys = np.array(sorted(shares), dtype=np.uint32)
    return {f"{name}_keys": keys, f"{name}_values": general.pack(np.array([shares[int(k)] for k in keys]))}


def main() -> None:
    from wordfreq import get_frequency_dict

    tables = chinese(get_frequency_dict("zh", "large")) | english(get_frequency_dict("en", "large"))
    target = ROOT / "assets" / "language" / "general.npz"
    np.savez_compressed(target, **tables)
    print(
        f"{target.name}: {target.stat().st_size // 1024} kB, {len(tables['pair_keys'])} pairs, "
        f"{len(tables['word_keys'])} English stems"
    )


if __name__ == "__main__":
    main()
