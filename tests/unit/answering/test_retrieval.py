from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from hxd_desktop.engine.answering import candidates
from hxd_desktop.engine.answering.candidates import search_words
from hxd_desktop.engine.answering.lexical import COLUMN, LexicalScorer, inverse_document_frequency
from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary


def best(question: str, library: FakeLibrary | None = None) -> str:
    return retrieve(library or FakeLibrary(HANDBOOK), prepare(question), None).candidates[0].chunk.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("怎么部署到微信群", "微信回调"),
        ("報銷單什麼時候提交", "25 日"),
        ("How long is the warranty?", "three years"),
        ("refunds", "five working days"),
        ("分机号码", "8021"),
    ],
)
def test_the_right_passage_comes_first(question: str, answer: str) -> None:
    assert answer in best(question)


def test_scores_are_typed_and_rank() -> None:
    found = retrieve(FakeLibrary(HANDBOOK), prepare("warranty of kitchen machines"), None).candidates
    assert {"bm25", "coverage", "fused"} <= set(found[0].scores)
    fused = [candidate.fused for candidate in found]
    assert fused == sorted(fused, reverse=True)
    assert all(0 <= score <= 1 for score in fused)


def test_idf_is_comparable_over_sizes() -> None:
    for n in (10, 1_000, 100_000):
        assert inverse_document_frequency(0, n) == 1.0
        assert inverse_document_frequency(n, n) < 0.2
    assert inverse_document_frequency(1, 10) > inverse_document_frequency(5, 10)


def test_filters_hold_for_words() -> None:
    question = prepare("负责人")
    found = retrieve(FakeLibrary(HANDBOOK), question, None, filters=Filters(folder="/docs/people"))
    assert {candidate.chunk.path for candidate in found.candidates} == {"/docs/people.md"}


def test_many_equals_are_told_apart_by_their_text() -> None:
    library = FakeLibrary(
        {
            f"/n/{i}.md": [f"编号{i}：设备清单里有打印机，还有桌子、椅子和柜子，以及其他许多东西。" * 3]
            for i in range(300)
        }
        | {"/n/manual.md": ["打印机|打印机的说明：打印机卡纸时打开打印机后盖。"]}
    )
    assert "后盖" in best("打印机", library)


def test_a_term_that_stands_everywhere_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_TERM_CAP", 5)
    library = FakeLibrary({"/a.md": [f"第{i}条规定说明" for i in range(30)]})
    found = search_words(library, prepare("规定"), library.stats())
    assert len(found.ids) == 30
    assert best("规定", library)


def test_sums_are_the_same_whatever_the_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    library, question = FakeLibrary(HANDBOOK), prepare("负责人 分机 保修 warranty 微信")
    dense = search_words(library, question, library.stats()).ids
    monkeypatch.setattr(candidates, "_DENSE_SPAN", 0)
    assert search_words(library, question, library.stats()).ids == dense


def test_features_of_nothing() -> None:
    scorer = LexicalScorer(prepare("保修"), {}, 10.0)
    assert scorer.look([]).features().shape == (0, len(COLUMN))


def test_windows_are_of_sentence_size() -> None:
    near = FakeLibrary({"/a.md": ["保修和发票都要保存。" + "其他内容。" * 60]})
    far = FakeLibrary({"/a.md": ["保修。" + "其他内容。" * 60 + "发票。"]})
    question = prepare("保修 发票")

    def window(library: FakeLibrary) -> float:
        return float(retrieve(library, question, None).candidates[0].features[COLUMN["window"]])

    assert window(near) == pytest.approx(1.0)
    assert window(far) < 0.7


class VectorLibrary(FakeLibrary):
    def search_vectors(
        self, vector: NDArray[np.float32], limit: int, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        return [(6, 0.9), (1, 0.2)]


class Semantic:
    id = "semantic"
    dim = 2
    semantic = True
    languages = frozenset({"*"})
    bridges_languages = True

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("questions embed no passages")

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.array([1.0, 0.0], np.float32)

    def close(self) -> None:
        """Nothing to free."""


def test_a_semantic_embedder_finds_what_words_do_not() -> None:
    found = retrieve(VectorLibrary(HANDBOOK), prepare("guarantee period"), Semantic())
    assert found.candidates[0].chunk.id == 6
    assert found.candidates[0].scores["dense"] == pytest.approx(0.9)
    assert found.dense_best == pytest.approx(0.9)
