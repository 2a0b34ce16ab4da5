from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.text.folding import fold, fold_keep_case, fold_many_keep_case, fold_with_offsets, folds_apart
from hxd_desktop.engine.text.words import index_terms

# What documents are made of: letters with and without accents (also as combining marks), Chinese in both scripts,
# kana, Hangul, full- and half-width forms, ligatures, fractions.
PIECES = [
    *"aZ9_. ,\n",
    *"éÜñ",
    "e\u0301",
    "\u0301",
    *"体體语語發，．…",
    *"かがカ한국",
    "か\u3099",
    *"ＡＢ０ｱﬁ½²㎏①",
    "ﾊﾞ",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＨＵＩＸＩＡＮＧＤＯＵ　２", "huixiangdou 2"),
        ("拒答門檻與資料庫", "拒答门槛与资料库"),
        ("Café Ünïted", "cafe united"),
        ("Cafe\u0301", "cafe"),
        ("oﬃce ﬁle", "office file"),
        ("x²", "x2"),
        ("①②", "12"),
        ("İstanbul", "istanbul"),
        ("ﾊﾞｽ", "バス"),
        ("か\u3099", "が"),
        ("\u1112\u1161\u11ab", "한"),
        ("plain ASCII", "plain ascii"),
        ("", ""),
    ],
)
def test_spellings_of_the_same_text_become_equal(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_case_can_be_kept() -> None:
    assert fold_keep_case("rejectThrottle ＡＢ é") == "rejectThrottle AB e"


def test_punctuation_of_chinese_text_stays() -> None:
    assert fold("你好，世界。……——") == "你好，世界。……——"


@given(TEXT)
def test_folding_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_composed_and_decomposed_spellings_fold_alike(text: str) -> None:
    text = text.replace("．", " ")  # a full stop only where something near it is folded: joins a word or does not
    assert index_terms(unicodedata.normalize("NFD", text)) == index_terms(unicodedata.normalize("NFC", text))


@given(TEXT)
def test_offsets_lead_back_to_the_original(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold_keep_case(text)
    if offsets is None:
        assert len(folded) == len(text)
        return
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    for i, character in enumerate(folded):
        end = next(offset for offset in offsets[i:] if offset > offsets[i])
        assert character in unicodedata.normalize("NFKC", fold_keep_case(text[offsets[i] : end]))


@given(TEXT, TEXT)
def test_texts_that_fold_apart_fold_to_the_same_together(one: str, other: str) -> None:
    if folds_apart(one, other):
        assert fold_keep_case(f"{one}\n{other}") == f"{fold_keep_case(one)}\n{fold_keep_case(other)}"


def test_most_texts_fold_apart() -> None:
    assert folds_apart("Install", "Run `pip`.")
    assert folds_apart("安装", "體 — Café")
    assert folds_apart("①", "ﬁle")
    assert not folds_apart("安装", "ﬁle．name")


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=6))
def test_many_texts_fold_as_each_by_itself(texts: list[str]) -> None:
    assert fold_many_keep_case(texts) == [fold_keep_case(text) for text in texts]


def test_every_character_that_folds_is_known_to_need_it() -> None:
    characters = [chr(code) for code in range(0x110000)]
    assert fold_many_keep_case(characters) == list(map(fold_keep_case, characters))
