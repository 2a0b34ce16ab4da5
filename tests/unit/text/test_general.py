from __future__ import annotations

import numpy as np
import pytest

from hxd_desktop.engine.text.general import UNKNOWN, GeneralLanguage, general_language, key, pack


def table(name: str, shares: dict[str, float]) -> dict[str, np.ndarray]:
    kept = sorted((key(text), share) for text, share in shares.items())
    return {
        f"{name}_keys": np.array([k for k, _ in kept], np.uint32),
        f"{name}_values": pack(np.array([share for _, share in kept])),
    }


@pytest.fixture
def small() -> GeneralLanguage:
    tables = table("pair", {"公司": 1e-3}) | table("begin", {"好": 0.01}) | table("end", {"你": 0.02})
    return GeneralLanguage(tables | table("word", {"the": 0.05}) | {"words_per_character": np.float32(0.6)})


def test_what_is_in_the_tables_comes_back_within_the_step(small: GeneralLanguage) -> None:
    pair, word = small.frequencies(["公司", "the"])
    assert pair == pytest.approx(1e-3, rel=0.07)
    assert word == pytest.approx(0.05, rel=0.07)


def test_a_pair_across_two_words_counts_by_chance(small: GeneralLanguage) -> None:
    (across,) = small.frequencies(["你好"])
    assert across == pytest.approx(0.02 * 0.01 * 0.6, rel=0.15)


def test_what_nobody_knows_is_rare_but_not_impossible(small: GeneralLanguage) -> None:
    assert small.frequencies(["鸳鸯", "zyzzyva", "鸯"]) == pytest.approx([UNKNOWN] * 3)
    assert small.frequencies([]).shape == (0,)


def test_shipped_frequencies_order_everyday_words_before_those_of_a_trade() -> None:
    everyday, trade, nonsense = general_language().frequencies(["公司", "训练", "茴香"])
    assert everyday > trade > nonsense
    the, config, name = general_language().frequencies(["the", "config", "mmcv"])
    assert the > 1000 * config > 1000 * name


def test_pairs_inside_words_are_told_from_seams() -> None:
    inside = general_language().inside(["训练", "模型", "练模", "生参"])
    assert inside.tolist() == [True, True, False, False]
    assert general_language().inside([]).shape == (0,)


def test_characters_that_are_words_by_themselves() -> None:
    assert general_language().alone(["到", "有", "豆", "茴"]).tolist() == [True, True, False, False]
    assert general_language().alone([]).shape == (0,)
