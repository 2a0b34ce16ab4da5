"""Embedders and rerankers with the real ONNX Runtime in its real process."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.embedding import BUILTIN, ModelEmbedder, open_embedder
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.models.onnx import OnnxSpec, OnnxWorker
from hxd_desktop.engine.models.onnx_devices import installed
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.models.reranking import ModelReranker, open_reranker
from hxd_desktop.engine.models.running import Running
from tests.support import tiny_onnx
from tests.support.library import wait_for

TEXTS = ["how to install", "", "banana", "安装 config file 怎么", "today the weather, " * 30, "x"]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> ModelRegistry:
    """A registry with an embedder that wants prefixes, one without, and a reranker."""
    folder = tmp_path_factory.mktemp("onnx")
    registry = ModelRegistry(folder / "models")
    tiny_onnx.make_embedder(folder / "plain")
    prefixed = tiny_onnx.make_embedder(folder / "prefixed", pooling="cls")
    (prefixed / "hxd.json").write_text(
        json.dumps({"query_prefix": "question ", "passage_prefix": "document ", "languages": ["en", "zh"]})
    )
    tiny_onnx.make_cross_encoder(folder / "reranker")
    for name in ("plain", "prefixed", "reranker"):
        registry.import_path(folder / name)
    return registry


@pytest.fixture(scope="module")
def worker() -> Iterator[OnnxWorker]:
    worker = OnnxWorker()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def plain(registry: ModelRegistry, worker: OnnxWorker) -> ModelEmbedder:
    made = open_embedder("plain", registry, Running(1, onnx=worker))
    assert isinstance(made, ModelEmbedder)
    return made


@pytest.fixture(scope="module")
def prefixed(registry: ModelRegistry, worker: OnnxWorker) -> ModelEmbedder:
    made = open_embedder("prefixed", registry, Running(1, onnx=worker))
    assert isinstance(made, ModelEmbedder)
    return made


@pytest.fixture(scope="module")
def reranker(registry: ModelRegistry, worker: OnnxWorker) -> ModelReranker:
    return open_reranker("reranker", registry, Running(1, onnx=worker))


def test_vectors(plain: ModelEmbedder) -> None:
    vectors = plain.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), plain.dim) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert plain.embed_passages([]).shape == (0, plain.dim)
    assert plain.semantic


@pytest.mark.skipif(installed() != (), reason="there is a GPU provider, which may be used")
def test_the_processor_is_used_where_there_is_no_gpu(plain: ModelEmbedder, worker: OnnxWorker) -> None:
    expected = plain.embed_query("banana")
    assert (worker.device, worker.note) == ("cpu", "")
    alone = worker.embed(dataclasses.replace(plain._spec, device="cpu"), ["banana"])
    assert worker.device == "cpu"
    assert np.allclose(alone[0], expected, atol=1e-6)


def test_company_in_a_batch_changes_nothing(plain: ModelEmbedder) -> None:
    """Padding is masked, and sorting by length is undone; more texts than one request or batch takes."""
    texts = [f"{text} {number}" for number in range(7) for text in TEXTS]
    together = plain.embed_passages(texts)
    alone = np.stack([plain.embed_query(text) for text in texts[:6]])
    assert np.allclose(together[:6], alone, atol=1e-5)
    assert np.allclose(together[::-1], plain.embed_passages(texts[::-1]), atol=1e-5)


def test_alike_texts_are_near(plain: ModelEmbedder) -> None:
    install, again, banana = plain.embed_passages(["how to install", "to install how", "banana weather"])
    assert install @ again > 0.95 > install @ banana


def test_prefixes_and_pooling(plain: ModelEmbedder, prefixed: ModelEmbedder) -> None:
    assert prefixed.languages == {"en", "zh"} and plain.languages == frozenset()
    assert plain.id != prefixed.id
    query, passage = prefixed.embed_query("banana"), prefixed.embed_passages(["banana"])[0]
    assert not np.allclose(query, passage, atol=1e-3)
    by_hand = prefixed._worker.embed(prefixed._spec, ["question banana", "document banana"])
    assert np.allclose([query, passage], by_hand, atol=1e-6)
    mean = prefixed._worker.embed(plain._spec, ["question banana"])[0]
    assert not np.allclose(query, mean, atol=1e-3)


def test_a_question_in_a_language_it_does_not_know_weighs_nothing(prefixed: ModelEmbedder) -> None:
    assert prefixed.embed_query("how to install").any() and prefixed.embed_query("怎么安装").any()
    assert not prefixed.embed_query("どうやってインストールするのですか").any()
    assert prefixed.embed_query("2026").any()  # no language at all


def test_many_texts_come_back_in_their_order(plain: ModelEmbedder) -> None:
    texts = ["banana " * (37 * number % 40) + "apple" for number in range(50)]
    together = plain.embed_passages(texts)
    assert np.allclose(together, [plain.embed_passages([text])[0] for text in texts], atol=1e-5)


def test_stray_surrogates_are_text_too(plain: ModelEmbedder) -> None:
    assert np.isfinite(plain.embed_query("banana \udcff")).all()


def test_reranker(reranker: ModelReranker) -> None:
    passages = ["install the config file", "", "banana " * 100, "今天天气"]
    scores = reranker.score("how to install", passages)
    assert scores.shape == (4,) and scores.dtype == np.float32
    assert ((scores > 0) & (scores < 1)).all() and len(set(scores.tolist())) == 4
    assert np.allclose(reranker.score("how to install", passages[::-1]), scores[::-1], atol=1e-5)
    assert reranker.score("q", []).shape == (0,)


def test_nothing_may_be_fetched(plain: ModelEmbedder, worker: OnnxWorker) -> None:
    plain.embed_query("x")
    environment = psutil.Process(worker.pid).environ()
    assert environment["HF_HUB_OFFLINE"] == environment["TRANSFORMERS_OFFLINE"] == "1"
    assert not [link for link in psutil.Process(worker.pid).net_connections() if link.raddr]


def test_killed_between_and_during_requests(plain: ModelEmbedder, worker: OnnxWorker) -> None:
    expected = plain.embed_query("banana")
    psutil.Process(worker.pid).kill()
    psutil.Process(worker.pid).wait(10) if worker.pid else None
    assert np.allclose(plain.embed_query("banana"), expected)

    outcome: list[BaseException] = []

    def embed_many() -> None:
        try:
            plain.embed_passages(["the weather today " * 20] * 5000)
        except ModelError as error:
            outcome.append(error)

    process = psutil.Process(worker.pid)
    process.suspend()  # so that the request is sure to be under way when it dies
    thread = threading.Thread(target=embed_many)
    thread.start()
    wait_for(lambda: worker._worker._deadline is not None, "the request is sent, and its reply awaited")
    process.kill()
    thread.join(60)
    assert len(outcome) == 1 and "ended unexpectedly" in str(outcome[0])
    assert np.allclose(plain.embed_query("banana"), expected)


def test_closed_and_used_again(plain: ModelEmbedder, worker: OnnxWorker) -> None:
    plain.close()
    assert worker.pid is None
    assert plain.embed_query("banana").any()


def test_damaged_graph(tmp_path: Path, worker: OnnxWorker) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "damaged")
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        worker.embed(OnnxSpec(str(folder), "model.onnx", threads=1), ["x"])
    assert caught.value.remedy


def test_open_embedder(registry: ModelRegistry) -> None:
    assert isinstance(open_embedder(BUILTIN, registry), HashedEmbedder)
    assert open_embedder("plain", registry).id.startswith("plain-")
    with pytest.raises(ModelError, match="no embedder called nothing"):
        open_embedder("nothing", registry)
    with pytest.raises(ModelError, match="of kind reranker, not embedder"):
        open_embedder("reranker", registry)


def test_lives_beside_usearch_in_a_fresh_process(registry: ModelRegistry) -> None:
    """USearch first, then ONNX Runtime in the same process, would crash; here they are two."""
    program = f"""
import sys
import numpy as np
from pathlib import Path
from usearch.index import Index
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.settings import ModelSettings

models = ActiveModels(Path({str(registry._folder)!r}), ModelSettings(embedder="plain", reranker="reranker", threads=1))
texts = ["banana", "how to install", "weather today"]
vectors = models.embedder.embed_passages(texts)
index = Index(ndim=vectors.shape[1], metric="ip", dtype="f16")
index.add(np.arange(3), vectors)
best = index.search(models.embedder.embed_query("to install"), 1).keys[0]
assert texts[best] == "how to install"
assert models.reranker.score("x", texts).shape == (3,)
models.list()
models.device()
models.close()
heavy = {{"onnxruntime", "fastembed", "tokenizers", "llama_cpp"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
