"""The built-in embedder: determinism, tolerance, independence of batches, bounds."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.models import hashed
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.text.words import index_terms

TEXTS = [
    "茴香豆是一个基于大语言模型的领域知识助手。",
    "The parser reads `rejectThrottle` from config.ini and applies it.",
    "",
    "混合 mixed 文本 with numbers 2024 and a",
    "x",
    "豆",
    "𠀀𠀁 astral 𝔸",
]


@pytest.fixture(scope="module")
def embedder() -> HashedEmbedder:
    return HashedEmbedder()


def test_shape_dtype_and_length(embedder: HashedEmbedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dim)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert np.allclose(norms[[bool(index_terms(text)) for text in TEXTS]], 1, atol=1e-6)
    assert not vectors[2].any()


def test_nothing_to_embed(embedder: HashedEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dim)
    assert not embedder.embed_query("?! …").any()


def test_query_is_a_passage(embedder: HashedEmbedder) -> None:
    assert np.array_equal(embedder.embed_query(TEXTS[0]), embedder.embed_passages(TEXTS)[0])


@given(st.lists(st.text(max_size=40), max_size=6))
def test_terms_equal_passages_and_batches_do_not_matter(texts: list[str]) -> None:
    embedder = HashedEmbedder(32)
    together = embedder.embed_passages(texts)
    assert np.array_equal(together, embedder.embed_terms([index_terms(text) for text in texts]))
    assert np.isfinite(together).all()
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(embedder.embed_query(text), vector)


def test_many_batches_equal_one_by_one(embedder: HashedEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = embedder.embed_passages(TEXTS * 3)
    monkeypatch.setattr(hashed, "_BATCH_CHARS", 20)
    assert np.array_equal(embedder.embed_passages(TEXTS * 3), whole)


def test_text_longer_than_a_batch(embedder: HashedEmbedder) -> None:
    long = "alpha beta gamma 语言模型 " * 20_000
    assert np.linalg.norm(embedder.embed_query(long)) == pytest.approx(1, abs=1e-5)


def test_same_vectors_in_another_process(embedder: HashedEmbedder) -> None:
    program = (
        "import sys; from hxd_desktop.engine.models.hashed import HashedEmbedder as H;"
        f"sys.stdout.buffer.write(H().embed_passages({TEXTS!r}).tobytes())"
    )
    command = [sys.executable, "-X", "utf8", "-c", program]
    other = subprocess.run(command, capture_output=True, check=True).stdout
    assert other == embedder.embed_passages(TEXTS).tobytes()


KNOWN = [0.2655589, 0.0822651, 0.578779, 0.3766704, 0.1216206, 0.6422293, 0.1216206, 0.0616732]


def test_known_vector() -> None:
    """Changing what a text's vector is must change `VERSION`, for saved indexes would be wrong otherwise."""
    vector = HashedEmbedder(8).embed_query("语言模型 language models 7B")
    assert hashed.VERSION == 1
    assert vector == pytest.approx(KNOWN, abs=1e-6)


def test_likeness_follows_shared_words_and_parts(embedder: HashedEmbedder) -> None:
    def likeness(a: str, b: str) -> float:
        return float(embedder.embed_query(a) @ embedder.embed_query(b))

    assert likeness("安装深度学习框架", "深度学习框架的安装方法") > 0.6 > likeness("安装深度学习框架", "今天天气怎么样")
    assert likeness("asynchronous scheduler", "asynchronus schedulers") > 0.5 > likeness("asynchronous", "bread")
    assert likeness("繁體中文檔案", "繁体中文档案") == pytest.approx(1, abs=1e-6)


def test_frequent_words_weigh_less(embedder: HashedEmbedder) -> None:
    about, unlike = (
        embedder.embed_passages(["the scheduler", "the banana"]),
        embedder.embed_passages(["tensor scheduler", "tensor banana"]),
    )
    assert about[0] @ about[1] < unlike[0] @ unlike[1]


def test_threads_get_the_same(embedder: HashedEmbedder) -> None:
    expected = embedder.embed_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: HashedEmbedder().embed_passages(TEXTS), range(16)):
            assert np.array_equal(vectors, expected)


def test_id_names_what_changes_vectors() -> None:
    assert len({HashedEmbedder(64).id, HashedEmbedder(128).id}) == 2
    assert HashedEmbedder(64).id.startswith("builtin-v")
