"""A BERT encoder as an int8 ONNX graph: the same vectors as the original computes, but for a little."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.bert_onnx import convert, read_safetensors

CONFIG: dict[str, Any] = {
    "model_type": "bert", "hidden_act": "gelu", "hidden_size": 32, "num_attention_heads": 4, "num_hidden_layers": 2,
    "intermediate_size": 64, "layer_norm_eps": 1e-12, "vocab_size": 50, "max_position_embeddings": 16,
}  # fmt: skip


def make_weights() -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(0)
    size, inner = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (CONFIG["vocab_size"], size),
        "embeddings.position_embeddings.weight": (CONFIG["max_position_embeddings"], size),
        "embeddings.token_type_embeddings.weight": (2, size),
        "embeddings.LayerNorm.weight": (size,),
        "embeddings.LayerNorm.bias": (size,),
    }
    for number in range(CONFIG["num_hidden_layers"]):
        prefix = f"encoder.layer.{number}"
        for name, shape in (
            ("attention.self.query", (size, size)), ("attention.self.key", (size, size)),
            ("attention.self.value", (size, size)), ("attention.output.dense", (size, size)),
            ("intermediate.dense", (inner, size)), ("output.dense", (size, inner)),
        ):  # fmt: skip
            shapes[f"{prefix}.{name}.weight"] = shape
            shapes[f"{prefix}.{name}.bias"] = shape[:1]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{prefix}.{name}.weight"] = shapes[f"{prefix}.{name}.bias"] = (size,)
    return {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}


def reference(weights: dict[str, NDArray[np.float32]], ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Any:
    """BERT as the paper has it, in float64."""
    from math import erf

    w = {name: value.astype(np.float64) for name, value in weights.items()}

    def dense(x: Any, name: str) -> Any:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x: Any, name: str) -> Any:
        scaled = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + CONFIG["layer_norm_eps"])
        return scaled * w[f"{name}.weight"] + w[f"{name}.bias"]

    places = w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    types = w["embeddings.token_type_embeddings.weight"][0]
    x = norm(w["embeddings.word_embeddings.weight"][ids] + places + types, "embeddings.LayerNorm")
    heads = CONFIG["num_attention_heads"]
    for number in range(CONFIG["num_hidden_layers"]):
        prefix = f"encoder.layer.{number}"

        def split(part: str, x: Any = x, prefix: str = prefix) -> Any:
            y = dense(x, f"{prefix}.attention.self.{part}")
            return y.reshape(*y.shape[:2], heads, -1).transpose(0, 2, 1, 3)

        scores = split("query") @ split("key").transpose(0, 1, 3, 2) / np.sqrt(CONFIG["hidden_size"] / heads)
        scores = np.where(mask[:, None, None, :] > 0, scores, -1e9)
        chances = np.exp(scores - scores.max(-1, keepdims=True))
        chances /= chances.sum(-1, keepdims=True)
        attended = (chances @ split("value")).transpose(0, 2, 1, 3).reshape(x.shape)
        x = norm(dense(attended, f"{prefix}.attention.output.dense") + x, f"{prefix}.attention.output.LayerNorm")
        grown = dense(x, f"{prefix}.intermediate.dense")
        active = grown * 0.5 * (1 + np.vectorize(erf)(grown / np.sqrt(2)))
        x = norm(dense(active, f"{prefix}.output.dense") + x, f"{prefix}.output.LayerNorm")
    return x


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    save_file({f"bert.{name}": value for name, value in make_weights().items()}, folder / "model.safetensors")
    return folder


def test_it_computes_what_the_original_does(source: Path, tmp_path: Path) -> None:
    import onnxruntime

    convert(source, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx", "source"]
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    ids = rng.integers(0, CONFIG["vocab_size"], (3, 12))
    mask = np.ones_like(ids)
    mask[1, 7:] = mask[2, 1:] = 0
    (found,) = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
    expected = reference(make_weights(), ids, mask)
    for row in range(3):
        inside = mask[row] > 0
        a, b = found[row][inside], expected[row][inside]
        cosine = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
        assert cosine.min() > 0.995
    # What stands under the mask changes nothing, but for the rounding of the activations' common scale.
    ids[1, 7:] = 3
    (again,) = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
    assert np.abs(again[1, :7] - found[1, :7]).max() < 0.1


def test_the_tensors_are_those_of_safetensors(source: Path) -> None:
    weights = make_weights()
    found = read_safetensors(source / "model.safetensors")
    assert {name.removeprefix("bert.") for name in found} == set(weights)
    np.testing.assert_array_equal(found["bert.embeddings.LayerNorm.bias"], weights["embeddings.LayerNorm.bias"])


def test_what_cannot_be_converted_is_named(source: Path, tmp_path: Path) -> None:
    save_file({"embeddings.word_embeddings.weight": np.zeros((4, 32), np.float32)}, source / "model.safetensors")
    with pytest.raises(ModelError, match="there is no 'embeddings"):
        convert(source, tmp_path)
    (source / "model.safetensors").write_bytes(b"\xff" * 100)
    with pytest.raises(ModelError, match="header is too long"):
        convert(source, tmp_path)
    (source / "model.safetensors").write_bytes(b"\x08" + b"\0" * 7 + b"{not a j")
    with pytest.raises(ModelError, match="header cannot be read"):
        convert(source, tmp_path)
    (source / "config.json").write_text(json.dumps(CONFIG | {"model_type": "roberta"}))
    with pytest.raises(ModelError, match="of type roberta"):
        convert(source, tmp_path)
