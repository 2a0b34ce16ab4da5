"""Recognising models by their content, and saying what a wrong file is."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.identify import GGUF, ONNX, identify
from tests.support import tiny_bert_gguf, tiny_gguf, tiny_onnx


def test_gguf_by_content_not_by_name(tmp_path: Path) -> None:
    found = identify(tiny_gguf.make(tmp_path / "Tiny Chat.bin"))
    assert (found.format, found.name, found.main) == (GGUF, "Tiny Chat", "model.gguf")
    assert found.details == {"architecture": "internlm2", "context_tokens": 2048, "layers": 2}


def test_folder_with_one_gguf(tmp_path: Path) -> None:
    model = tiny_gguf.make(tmp_path / "a.gguf")
    assert identify(tmp_path).files == {"model.gguf": model}
    tiny_gguf.make(tmp_path / "b.gguf")
    with pytest.raises(ModelError, match=r"a\.gguf, b\.gguf"):
        identify(tmp_path)


def test_onnx_folder_and_graph(tmp_path: Path) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "embedder")
    (folder / "model.onnx_data").write_bytes(b"weights")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02 never touched")
    found = identify(folder)
    assert (found.format, found.name, found.main) == (ONNX, "embedder", "model.onnx")
    tokenizer = {"tokenizer.json", "tokenizer_config.json", "config.json", "1_Pooling/config.json"}
    assert set(found.files) == {"model.onnx", "model.onnx_data"} | tokenizer
    assert identify(folder / "model.onnx") == found


def test_graph_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "models--org--bge-small" / "snapshots" / ("a" * 40))
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model_quantized.onnx")
    (folder / "onnx" / "model_fp16.onnx").write_bytes(b"\x08")
    found = identify(folder)
    assert (found.name, found.main) == ("bge-small", "model_quantized.onnx")
    assert found.files["tokenizer.json"] == folder / "tokenizer.json"
    assert identify(folder / "onnx" / "model_fp16.onnx").main == "model_fp16.onnx"


def test_name_in_the_config_is_kept_as_an_alias(tmp_path: Path) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "my-model")
    (folder / "config.json").write_text(json.dumps({"_name_or_path": "maidalun1020/bce-embedding-base_v1"}))
    assert identify(folder).details == {"alias": "bce-embedding-base_v1"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.gguf", b"", "empty"),
        ("a.gguf", b"<!DOCTYPE html><html>", "web page"),
        ("a.gguf", b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS"),
        ("a.gguf", b"\x00" * 100, "does not begin like a GGUF file"),
        ("a.bin", b"\x80\x02}q\x00", "pickle"),
        ("a.pt", b"PK\x03\x04....", "pickle"),
        ("a.safetensors", b"\x10\x00\x00\x00\x00\x00\x00\x00{}", "safetensors"),
        ("a.onnx", b"<html>", "web page"),
        ("a.txt", b"hello", "neither a GGUF file nor an ONNX graph"),
    ],
)
def test_says_what_a_wrong_file_is(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelError, match=says) as caught:
        identify(path)
    assert caught.value.path == path and caught.value.remedy


def test_wrong_folders(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        identify(tmp_path / "none")
    with pytest.raises(ModelError, match="neither GGUF nor ONNX"):
        identify(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="has to be converted"):
        identify(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"\x08\x09")
    with pytest.raises(ModelError, match="no tokenizer"):
        identify(tmp_path)


def test_gguf_that_cannot_chat(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no chat template") as caught:
        identify(tiny_gguf.make(tmp_path / "base.gguf", chat_template=None))
    assert "tokenizer.chat_template" in caught.value.remedy
    with pytest.raises(ModelError, match="Neither a chat model nor an embedder"):
        identify(tiny_gguf.make(tmp_path / "picture.gguf", architecture="clip"))


def test_gguf_that_embeds_or_reranks(tmp_path: Path) -> None:
    silent = identify(tiny_bert_gguf.make(tmp_path / "silent.gguf", pooling=None, name="bge-small-zh"))
    assert silent.details == {"architecture": "bert", "pooling": "", "max_tokens": 64, "alias": "bge-small-zh"}
    ranks = identify(tiny_bert_gguf.make(tmp_path / "ranks.gguf", pooling=gguf.PoolingType.RANK))
    assert ranks.details["pooling"] == "RANK"
    # Made from a chat model: its template does not make it one.
    decoder = identify(tiny_gguf.make(tmp_path / "decoder.gguf", architecture="qwen3", pooling=3))
    assert decoder.details["pooling"] == "LAST_TOKEN"
    assert "pooling" not in identify(tiny_gguf.make(tmp_path / "chat.gguf", architecture="qwen3")).details
    assert "pooling" not in identify(tiny_gguf.make(tmp_path / "none.gguf", architecture="qwen3", pooling=0)).details
