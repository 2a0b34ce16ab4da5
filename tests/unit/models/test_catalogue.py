"""The catalogue of models: data that holds together."""

from __future__ import annotations

import json
import re

import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.catalogue import entries, find
from hxd_desktop.engine.models.families import family_of
from hxd_desktop.engine.models.hubs import HUBS
from hxd_desktop.engine.models.names import BUILTIN, EXTRACTIVE
from hxd_desktop.engine.paths import assets


def test_every_entry_can_be_fetched_and_takes_its_own_id() -> None:
    ids = [entry.id for entry in entries()]
    assert len(ids) == len(set(ids)) and not {BUILTIN, EXTRACTIVE} & set(ids)
    for entry in entries():
        # The registry makes ids from names, and a downloaded model has to get the one that was asked for.
        assert re.fullmatch(r"[a-z0-9._-]+", entry.id), entry.id
        assert entry.kind in ("embedder", "reranker", "generator")
        assert entry.licence and entry.languages and entry.context_tokens
        assert entry.sources and {source.hub for source in entry.sources} <= set(HUBS)
        assert all(re.fullmatch(r"[\w.-]+/[\w.-]+", source.repo) for source in entry.sources)
        assert 10_000_000 < entry.bytes < entry.memory_bytes
        for file in entry.files:
            assert re.fullmatch(r"|[0-9a-f]{64}", file.sha256)
            assert re.fullmatch(r"[\w.-]+", file.name) and "{" not in file.path


def test_what_is_asked_for_is_there() -> None:
    ids = {entry.id for entry in entries()}
    for family in ("internlm2-chat", "internlm2_5"):
        for size in ("1_8b", "7b", "20b"):
            assert any(each.startswith(family) and size in each and "q4_k_m" in each for each in ids)
    assert {"bge-small-zh-v1.5", "multilingual-e5-small", "bce-embedding-base_v1", "bce-reranker-base_v1"} <= ids


def test_onnx_models_bring_a_tokenizer_and_say_how_they_are_used() -> None:
    for entry in entries():
        if entry.kind == "generator":
            assert len(entry.files) == 1 and not entry.use
            continue
        names = [file.name for file in entry.files]
        assert names[0] == "model.onnx" and "tokenizer.json" in names and "tokenizer_config.json" in names
        family = family_of(entry.id)
        assert family is not None
        assert entry.use["languages"] == sorted(entry.languages) == sorted(family.languages)
        if entry.kind == "embedder":  # what an import by hand makes of the same model
            assert entry.use["pooling"] == family.pooling
            assert entry.use.get("query_prefix", "") == family.query_prefix
            assert entry.use.get("passage_prefix", "") == family.passage_prefix
            assert entry.use.get("bridges_languages", False) == family.bridges_languages


def test_memory_of_a_language_model_holds_its_cache() -> None:
    small = find("InternLM2_5-1_8B-chat-Q4_K_M")
    assert small.memory_bytes - small.bytes == 98304 * 4096 + (300 << 20)
    assert small.name == "InternLM2.5 1.8B Chat (Q4_K_M)"
    assert small.files[0].path == "internlm2_5-1_8b-chat-q4_k_m.gguf"


def test_a_known_checksum_belongs_to_its_quantisation_alone() -> None:
    assert find("internlm2_5-1_8b-chat-q8_0").files[0].sha256.startswith("8526cc24")
    assert find("internlm2_5-1_8b-chat-q6_k").files[0].sha256 == ""


def test_a_wrong_name_is_answered_with_near_ones() -> None:
    with pytest.raises(ModelError, match=r"Did you mean bge-small-zh-v1\.5") as caught:
        find("bge-small-zh")
    assert "--available" in caught.value.remedy


def test_the_file_names_no_more_than_the_code_reads() -> None:
    known = {"id", "kind", "name", "licence", "languages", "context_tokens", "memory_per_token", "variants", "bytes",
             "files", "sha256", "sources", "use"}  # fmt: skip
    record = json.loads((assets() / "models" / "catalogue.json").read_text(encoding="utf-8"))
    assert all(set(model) <= known for model in record["models"])
