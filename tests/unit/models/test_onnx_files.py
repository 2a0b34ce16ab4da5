"""How an ONNX model is to be used, from its files and its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.families import family_of
from hxd_desktop.engine.models.onnx_files import (
    complete_tokenizer,
    embedder_details,
    is_reranker,
    max_tokens,
    read_json,
    reranker_details,
)

TOKENS: dict[str, Any] = {"outputs": [["last_hidden_state", [-1, -1, 32]]], "languages": ["en"]}
POOLED: dict[str, Any] = {"outputs": [["sentence_embedding", [-1, 32]]], "languages": []}
ONE_SCORE: dict[str, Any] = {"outputs": [["logits", [-1, 1]]], "languages": ["zh"]}


def write(folder: Path, name: str, content: object) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def test_sentence_transformers_says_how(tmp_path: Path) -> None:
    write(tmp_path, "1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    write(tmp_path, "config_sentence_transformers.json", {"prompts": {"query": "q: ", "document": "d: "}})
    details = embedder_details(tmp_path, ["something"], TOKENS)
    assert (details["pooling"], details["query_prefix"], details["passage_prefix"]) == ("CLS", "q: ", "d: ")
    assert details["languages"] == ["en"] and details["bridges_languages"] is False


def test_the_family_says_the_rest(tmp_path: Path) -> None:
    details = embedder_details(tmp_path, ["folder", "bce-embedding-base_v1"], TOKENS)
    assert (details["pooling"], details["languages"], details["bridges_languages"]) == ("CLS", ["en", "zh"], True)
    e5 = embedder_details(tmp_path, ["multilingual-e5-small"], TOKENS)
    assert (e5["pooling"], e5["query_prefix"], e5["passage_prefix"]) == ("MEAN", "query: ", "passage: ")


def test_a_graph_that_pools_itself(tmp_path: Path) -> None:
    write(tmp_path, "1_Pooling/config.json", {"pooling_mode_cls_token": True})
    assert embedder_details(tmp_path, ["x"], POOLED)["pooling"] == "DISABLED"


def test_our_own_file_outweighs_all(tmp_path: Path) -> None:
    write(
        tmp_path,
        "hxd.json",
        {"pooling": "LAST_TOKEN", "query_prefix": "Q ", "languages": ["ja"], "dim": 3, "max_tokens": 9},
    )
    details = embedder_details(tmp_path, ["bge-small-zh-v1.5"], TOKENS)
    assert (details["pooling"], details["query_prefix"], details["languages"]) == ("LAST_TOKEN", "Q ", ["ja"])
    assert details["max_tokens"] == 9 and "dim" not in details
    write(tmp_path, "hxd.json", {"pooling": "MAX"})
    with pytest.raises(ModelError, match="pooling has to be"):
        embedder_details(tmp_path, ["x"], TOKENS)


def test_a_missing_layer_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "modules.json", [{"type": "sentence_transformers.models.Dense"}])
    with pytest.raises(ModelError, match="Dense"):
        embedder_details(tmp_path, ["x"], TOKENS)


def test_rerankers(tmp_path: Path) -> None:
    assert is_reranker(tmp_path, ONE_SCORE["outputs"])
    assert not is_reranker(tmp_path, TOKENS["outputs"]) and not is_reranker(tmp_path, POOLED["outputs"])
    write(tmp_path, "config.json", {"architectures": ["XLMRobertaForSequenceClassification"]})
    assert is_reranker(tmp_path, [["scores", [-1, -1]]])
    assert reranker_details(tmp_path, ["bce-reranker-base_v1"], ONE_SCORE)["languages"] == ["en", "zh"]
    with pytest.raises(ModelError, match="one score"):
        reranker_details(tmp_path, ["x"], {"outputs": [["logits", [-1, 3]]], "languages": []})


def test_a_reranker_that_gives_probabilities_says_so(tmp_path: Path) -> None:
    assert reranker_details(tmp_path, ["x"], ONE_SCORE)["scores"] == "logit"
    write(tmp_path, "hxd.json", {"scores": "probability", "languages": ["en"], "max_tokens": 99})
    details = reranker_details(tmp_path, ["x"], ONE_SCORE)
    assert details == {"scores": "probability", "languages": ["en"], "max_tokens": 99}
    write(tmp_path, "hxd.json", {"scores": "percent"})
    with pytest.raises(ModelError, match="scores has to be one of logit, probability"):
        reranker_details(tmp_path, ["x"], ONE_SCORE)


def test_longest_input(tmp_path: Path) -> None:
    assert max_tokens(tmp_path) == 512
    write(tmp_path, "config.json", {"max_position_embeddings": 514})
    assert max_tokens(tmp_path) == 512
    write(tmp_path, "tokenizer_config.json", {"model_max_length": 1e30})
    assert max_tokens(tmp_path) == 512
    write(tmp_path, "tokenizer_config.json", {"model_max_length": 384})
    write(tmp_path, "sentence_bert_config.json", {"max_seq_length": 256})
    assert max_tokens(tmp_path) == 256


def test_the_tokenizer_is_completed(tmp_path: Path) -> None:
    write(tmp_path, "tokenizer.json", {"added_tokens": [{"content": "<pad>"}, {"content": "</s>"}]})
    write(tmp_path, "tokenizer_config.json", {"model_max_length": 1e30, "kept": 1})
    complete_tokenizer(tmp_path)
    assert read_json(tmp_path / "tokenizer_config.json") == {
        "model_max_length": 512, "max_length": 512, "pad_token": "<pad>", "kept": 1,
    }  # fmt: skip


@pytest.mark.parametrize("content", ["{", "[]", "\udcff"])
def test_damaged_json(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match=r"config\.json"):
        read_json(tmp_path / "config.json")


def test_families_by_name() -> None:
    for name, pooling in {
        "bge-small-zh-v1.5": "CLS",
        "BAAI_bge-base-en": "CLS",
        "all-MiniLM-L6-v2": "MEAN",
        "e5-base-v2": "MEAN",
    }.items():
        family = family_of(name)
        assert family is not None and family.pooling == pooling, name
    assert family_of("unheard-of", "") is None
