"""Embedders and rerankers as GGUF files with the real llama.cpp in its real process."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import psutil
import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.embedding import ModelEmbedder, open_embedder
from hxd_desktop.engine.models.gguf_vectors import GgufSpec, GgufWorker
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.models.reranking import open_reranker
from hxd_desktop.engine.models.running import Running
from tests.support import tiny_bert_gguf, tiny_gguf

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"),
]
RANK = gguf.PoolingType.RANK
TEXTS = ["how to install", "", "banana", "安装 config file 怎么", "today the weather, " * 30, "x"]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> ModelRegistry:
    folder = tmp_path_factory.mktemp("gguf")
    registry = ModelRegistry(folder / "models")
    registry.import_path(tiny_bert_gguf.make(folder / "plain.gguf"))
    registry.import_path(tiny_bert_gguf.make(folder / "bge-small-zh-v1.5-f32.gguf", pooling=None))
    registry.import_path(tiny_bert_gguf.make(folder / "ranks.gguf", pooling=RANK))
    registry.import_path(tiny_gguf.make(folder / "decoder.gguf", pooling=3))
    (folder / "told").mkdir()
    tiny_bert_gguf.make(folder / "told" / "told.gguf")
    ours = {"pooling": "CLS", "query_prefix": "the ", "languages": ["en", "zh"], "max_tokens": 32, "unknown": 1}
    (folder / "told" / "hxd.json").write_text(json.dumps(ours))
    registry.import_path(folder / "told")
    return registry


@pytest.fixture(scope="module")
def worker() -> Iterator[GgufWorker]:
    worker = GgufWorker()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def plain(registry: ModelRegistry, worker: GgufWorker) -> ModelEmbedder:
    embedder = open_embedder("plain", registry, Running(1, gguf=worker))
    assert isinstance(embedder, ModelEmbedder)
    return embedder


def test_kinds_and_details(registry: ModelRegistry) -> None:
    rows = {row["id"]: (row["kind"], row["verified"]) for row in registry.list()}
    assert rows["plain"] == rows["decoder"] == rows["told"] == ("embedder", True)
    assert rows["ranks"] == ("reranker", True)
    details = registry.ready("bge-small-zh-v1.5-f32", "embedder").details
    assert details == {
        "pooling": "CLS", "max_tokens": 64, "languages": ["zh"], "bridges_languages": False, "dim": 32,
        "query_prefix": "为这个句子生成表示以用于检索相关文章：", "passage_prefix": "",
    }  # fmt: skip
    told = registry.ready("told", "embedder").details
    assert (told["pooling"], told["query_prefix"], told["max_tokens"]) == ("CLS", "the ", 32)
    assert registry.ready("ranks", "reranker").details["scores"] == "logit"


def test_vectors(plain: ModelEmbedder, worker: GgufWorker) -> None:
    vectors = plain.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 32) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert plain.semantic and worker.device == "cpu"
    install, again, banana = plain.embed_passages(["how to install", "to install how", "banana weather"])
    assert install @ again > 0.95 > install @ banana


def test_company_changes_nothing_and_order_is_kept(plain: ModelEmbedder) -> None:
    texts = [f"{text} {number}" for number in range(30) for text in TEXTS]
    together = plain.embed_passages(texts)
    assert np.allclose(together[:6], np.stack([plain.embed_query(text) for text in texts[:6]]), atol=1e-4)
    assert np.allclose(together[::-1], plain.embed_passages(texts[::-1]), atol=1e-4)


def test_prefix_and_pooling_reach_the_model(registry: ModelRegistry, worker: GgufWorker, plain: ModelEmbedder) -> None:
    told = open_embedder("told", registry, Running(1, gguf=worker))
    path = str(registry.ready("told", "embedder").main_file)
    by_hand = worker.embed(GgufSpec(path, "CLS", 32), ["the banana", "banana"])
    assert np.allclose(told.embed_query("banana"), by_hand[0], atol=1e-5)
    assert np.allclose(told.embed_passages(["banana"])[0], by_hand[1], atol=1e-5)
    assert not np.allclose(by_hand[1], plain.embed_query("banana"), atol=1e-3)


def test_decoder(registry: ModelRegistry, worker: GgufWorker) -> None:
    decoder = open_embedder("decoder", registry, Running(1, gguf=worker))
    vectors = decoder.embed_passages(["the answer", "the answer is in the source", "茴香豆"])
    assert vectors.shape == (3, 64)
    assert np.allclose(vectors[1], decoder.embed_query("the answer is in the source"), atol=1e-4)


def test_reranker(registry: ModelRegistry, worker: GgufWorker) -> None:
    reranker = open_reranker("ranks", registry, Running(1, gguf=worker))
    passages = ["install the config file", "", "banana " * 100, "今天天气"]
    scores = reranker.score("how to install", passages)
    assert scores.shape == (4,) and ((scores > 0) & (scores < 1)).all() and len(set(scores.tolist())) == 4
    assert np.allclose(reranker.score("how to install", passages[::-1]), scores[::-1], atol=1e-4)
    logits = worker.rerank(reranker._spec, "how to install", passages)
    assert np.allclose(scores, 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_refused(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path / "models")
    with pytest.raises(ModelError, match="3 scores"):
        registry.import_path(tiny_bert_gguf.make(tmp_path / "classes.gguf", pooling=RANK, scores=3))
    path = tiny_bert_gguf.make(tmp_path / "cut.gguf")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match="cut off"):
        registry.import_path(path)


def test_killed_and_used_again(plain: ModelEmbedder, worker: GgufWorker) -> None:
    expected = plain.embed_query("banana")
    process = psutil.Process(worker.pid)
    process.kill()
    process.wait(10)
    assert np.allclose(plain.embed_query("banana"), expected)


def test_a_library_is_searched_with_it(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("How to install the banana.")
    assistant = Assistant.open(tmp_path / "data", models=registry._folder)
    try:
        assistant.add_folder(tmp_path / "docs")
        assistant.index()
        assistant.use_model("plain")
        assistant.use_model("ranks")
        [source] = assistant.search("install the banana")
        assert {"dense", "rerank"} <= set(source.scores)
        assert assistant.status().device["vectors"] == "cpu"
        assert assistant.ask("how to install the banana").model["reranker"].startswith("ranks-")
    finally:
        assistant.close()
