from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.text import words
from hxd_desktop.engine.text.folding import fold, fold_keep_case
from hxd_desktop.engine.text.words import CJK_CHARACTER, index_terms, query_terms, term_spans, token_at

ANY = st.text(
    st.one_of(
        st.sampled_from("abcXYZ019_.+# \n,-éﬁ½Ａ０。，拒答門檻體体かがｱﾊﾞ한\u0301"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=60,
)
# One character of folded text for each of the original: here the span is exactly what was folded.
PLAIN = st.text(st.sampled_from("abcdefgh ,\nABＡＢ拒答門檻閾值，。．…é"), max_size=60)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("拒答阈值", ["拒答", "答阈", "阈值"]),
        ("豆", ["豆"]),
        ("拒答，阈值", ["拒答", "阈值"]),
        ("拒答threshold阈值", ["拒答", "threshold", "阈值"]),
        ("the throttles throttled", ["the", "throttl", "throttl"]),
        ("version 1.35", ["version", "1.35", "1", "35"]),
        ("C++ and C#", ["c++", "c", "and", "c#", "c"]),
        ("____ -- !!", []),
        ("한국어", ["한국", "국어"]),
        ("", []),
    ],
)
def test_terms_of_a_text(text: str, terms: list[str]) -> None:
    assert index_terms(text).split() == terms


@pytest.mark.parametrize("written", ["reject_throttle", "rejectThrottle", "RejectThrottle", "config.reject_throttle"])
@pytest.mark.parametrize("asked", ["reject", "throttle", "Throttle"])
def test_identifiers_are_found_by_their_parts(written: str, asked: str) -> None:
    assert set(query_terms(asked)) <= set(index_terms(written).split())


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("mmcv.runner", "runner"),
        ("mmcv.runner", "mmcv"),
        ("mmcv.runner", "mmcv.runner"),
        ("parseHTMLFast", "html"),
        ("parseHTMLFast", "parsehtmlfast"),
        ("__init__", "init"),
        ("HuixiangDou2", "huixiang"),
        ("running", "runs"),
        ("門檻", "门槛"),
        ("ﬁle", "file"),
        ("Ｔｈｒｏｔｔｌｅ", "throttle"),
    ],
)
def test_what_is_written_one_way_is_found_another_way(written: str, asked: str) -> None:
    assert set(query_terms(asked)) & set(index_terms(written).split())


def test_drawn_lines_and_hashes_are_no_words() -> None:
    assert index_terms("_" * 80 + " " + "ab12" * 40).split() == []


def test_terms_of_a_question_are_different_and_in_order() -> None:
    assert query_terms("门槛 throttle 门槛 throttles reject") == ["门槛", "throttl", "reject"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("拒答阈值", [("拒答", 0, 2), ("答阈", 1, 3), ("阈值", 2, 4)]),
        ("a ﬁle", [("a", 0, 1), ("file", 2, 5)]),
        ("１２ 拒答", [("12", 0, 2), ("12", 0, 2), ("拒答", 3, 5)]),
        ("cafe\u0301 x", [("cafe", 0, 5), ("x", 6, 7)]),
        ("ﾊﾞｽ", [("バス", 0, 3)]),
        ("x½y", [("x1", 0, 2), ("x", 0, 2), ("1", 0, 2), ("2y", 1, 3), ("2", 1, 3), ("y", 1, 3)]),
    ],
)
def test_spans_are_offsets_of_the_original(text: str, spans: list[tuple[str, int, int]]) -> None:
    found = term_spans(text)
    assert sorted(set(found)) == sorted(set(spans))
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@given(ANY)
def test_spans_are_inside_the_text_and_in_order(text: str) -> None:
    found = term_spans(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@given(PLAIN)
def test_spans_name_the_indexed_terms(text: str) -> None:
    assert [term for term, _, _ in term_spans(text)] == index_terms(text).split()


@given(PLAIN)
def test_a_span_holds_what_its_term_was_made_from(text: str) -> None:
    text = text.replace("．", " ")  # a full stop only where something near it is folded
    for term, start, end in term_spans(text):
        assert term in index_terms(text[start:end]).split()
        if CJK_CHARACTER.match(term):
            assert fold(text[start:end]) == term


@given(ANY)
def test_terms_hold_nothing_that_full_text_would_cut(text: str) -> None:
    for term in index_terms(text).split():
        assert not any(c.isascii() and not (c.isalnum() or c in "_.+#") for c in term)
        assert term == term.lower()


@given(st.text(st.sampled_from("aB1_.+# \néßж拒"), max_size=40))
def test_the_word_around_a_position_is_the_one_that_is_indexed(text: str) -> None:
    folded = fold_keep_case(text)
    for match in words._TOKEN.finditer(folded):
        if not CJK_CHARACTER.match(match[0]):
            for position in range(*match.span()):
                if folded[position] not in "+#":
                    assert token_at(folded, position) == match.span()


@pytest.mark.parametrize(("word", "term"), [("Straße", "strase"), ("smørrebrød", "smorrebrod"), ("Łódź", "lodz")])
def test_letters_that_do_not_decompose_stay_inside_their_word(word: str, term: str) -> None:
    assert index_terms(word).split() == [term]
    assert term_spans(word) == [(term, 0, len(word))]


@given(st.text(st.sampled_from("abXYZ019_.+#._+# \n,-(/"), max_size=40))
def test_ascii_takes_a_faster_way_to_the_same_terms(text: str) -> None:
    assert index_terms(text) == " ".join(map(words._terms.__getitem__, words._ASCII_TOKEN.findall(text)))


def test_what_is_remembered_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MAX_CACHED", 10)
    index_terms(" ".join(f"word{n}." for n in range(50)))
    assert len(words._ascii_terms) <= 10
    index_terms("x" * 65 + " short")
    assert "x" * 65 not in words._ascii_terms


def test_words_that_never_come_again_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MAX_CACHED", 50)
    for cache in (words._terms, words._ascii_terms):
        cache.clear()
        cache._before.clear()
    for number in range(500):
        assert index_terms(f"Alpha word{number}x").split() == ["alpha", f"word{number}x", "word", f"{number}", "x"]
        index_terms(f"拒答 other{number}y")
        for cache in (words._terms, words._ascii_terms):
            assert len(cache) <= 50
            assert len(cache._before) <= 50
    assert "Alpha" in words._ascii_terms.keys() | words._ascii_terms._before.keys()  # what comes again stays
