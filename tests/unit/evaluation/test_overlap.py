from __future__ import annotations

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from rouge import Rouge
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from hxd_desktop.engine.evaluation import overlap

words = st.lists(st.sampled_from("a b c d e f".split()), min_size=1, max_size=14)


@given(words, st.lists(words, min_size=1, max_size=3))
def test_bleu_is_sacrebleus(answer: list[str], wanted: list[list[str]]) -> None:
    texts = [" ".join(reference) for reference in wanted]
    theirs = sacrebleu.sentence_bleu(" ".join(answer), texts, tokenize="none").score / 100
    assert overlap.bleu(" ".join(answer), texts) == pytest.approx(theirs, abs=1e-9)


@given(st.permutations("a b c d e f g h".split()), st.permutations("c d e x y a g z".split()))
def test_rouge_l_is_rouges_where_no_word_stands_twice(answer: list[str], wanted: list[str]) -> None:
    theirs = Rouge(metrics=["rouge-l"]).get_scores(" ".join(answer), " ".join(wanted))[0]["rouge-l"]["f"]
    assert overlap.rouge_l(" ".join(answer), [" ".join(wanted)]) == pytest.approx(theirs, abs=1e-6)


def slow_common(a: list[str], b: list[str]) -> int:
    if not a or not b:
        return 0
    if a[-1] == b[-1]:
        return 1 + slow_common(a[:-1], b[:-1])
    return max(slow_common(a[:-1], b), slow_common(a, b[:-1]))


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_rouge_l_is_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    expected = 2 * slow_common(a, b) / (len(a) + len(b)) if a and b else 0.0
    assert overlap.rouge_l(" ".join(a), [" ".join(b)]) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "2022年1月12日，立法会在香港召开。",
        "保修期为3.5年（含电机）：共1,234台",
        "run upgrade v2.0, then restart; it doesn't stop",
        "用 docker 部署 8gb 的 well-known 模型？",
    ],
)
def test_tokens_are_those_of_sacrebleu_for_chinese(text: str) -> None:
    assert overlap.tokens(text) == TokenizerZh()(text).split()


def test_tokens_are_folded_as_the_search_folds() -> None:
    assert overlap.tokens("電腦Ｌｉｎｕｘ") == overlap.tokens("电脑linux") == ["电", "脑", "linux"]


def test_the_nearest_reference_counts() -> None:
    assert overlap.rouge_l("12人", ["十二人", "12人"]) == 1.0
    assert overlap.bleu("死亡12人", ["十二人", "死亡12人"]) == pytest.approx(1.0)


@pytest.mark.parametrize("answer", ["", "完全不同"])
def test_nothing_in_common_is_nothing(answer: str) -> None:
    assert overlap.bleu(answer, ["12人"]) == overlap.rouge_l(answer, ["12人"]) == 0.0


def test_exact_match_is_blind_to_case_space_and_punctuation() -> None:
    assert overlap.exact_match(" Tampa,  FLORIDA. ", ["tampa florida"])
    assert not overlap.exact_match("in Tampa, Florida", ["Tampa, Florida"])


def test_references_are_the_combinations_of_spellings() -> None:
    assert overlap.references([["1月3日", "1月三日"], ["1月12日"]]) == ["1月3日，1月12日", "1月三日，1月12日"]
    assert len(overlap.references([list("abcdef")] * 3)) == overlap.MAX_REFERENCES


def test_citations_are_no_words_of_the_answer() -> None:
    assert overlap.without_citations("上限 600 元。 [1]\n另见 [12]") == "上限 600 元。\n另见"
