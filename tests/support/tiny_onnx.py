"""Make small BERT-like ONNX models with a WordPiece tokenizer: an embedder and a cross-encoder, random weights.

One block of masked self-attention, so that padding matters unless the mask is right; the embedding table dominates,
so that texts that share words are alike.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = "the a how to install run config file index question answer document model apple banana weather today".split()
HAN = "安装怎么今天气样配置文件索引问题回答文档模型茴香豆"
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def vocabulary() -> dict[str, int]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789:,.?!"
    tokens = [*SPECIALS, *WORDS, *HAN, *letters, *("##" + letter for letter in letters)]
    return {token: number for number, token in enumerate(dict.fromkeys(tokens))}


def make_embedder(
    folder: Path, *, dim: int = 32, pooling: str | None = "mean", normalised_output: bool = False
) -> Path:
    """Write model.onnx and its tokenizer into `folder` and return it.

    Args:
        folder: Made if missing.
        dim: Length of the vectors, a multiple of 4.
        pooling: "mean" or "cls" is written to 1_Pooling/config.json; None leaves that out.
        normalised_output: The graph gives one vector a text, shape (batch, dim), instead of one a token.
    """
    nodes, weights, last = _body(dim)
    if normalised_output:
        nodes.append(
            helper.make_node("ReduceMean", [last, _constant(weights, "one", np.array([1]))], ["sentence"], keepdims=0)
        )
        output = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["batch", dim])
    else:
        nodes.append(helper.make_node("Identity", [last], ["last_hidden_state"]))
        output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", dim])
    _write(folder, nodes, weights, output, {"architectures": ["BertModel"]})
    if pooling is not None:
        (folder / "1_Pooling").mkdir(exist_ok=True)
        config = {"pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": pooling == "mean"}
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def make_cross_encoder(folder: Path, *, dim: int = 32, outputs: int = 1) -> Path:
    """Write a cross-encoder with `outputs` scores a pair into `folder` and return it."""
    nodes, weights, last = _body(dim)
    head = np.random.default_rng(1).normal(0, 2, (dim, outputs)).astype(np.float32)
    nodes.append(helper.make_node("Gather", [last, _constant(weights, "first", np.array(0))], ["cls"], axis=1))
    nodes.append(helper.make_node("MatMul", ["cls", _constant(weights, "head", head)], ["logits"]))
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", outputs])
    _write(folder, nodes, weights, output, {"architectures": ["BertForSequenceClassification"]})
    return folder


def _constant(weights: list[onnx.TensorProto], name: str, value: np.ndarray) -> str:
    weights.append(numpy_helper.from_array(value, name))
    return name


def _body(dim: int) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto], str]:
    rng = np.random.default_rng(0)
    weights: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []

    def matrix(name: str, rows: int, scale: float) -> str:
        return _constant(weights, name, rng.normal(0, scale, (rows, dim)).astype(np.float32))

    def node(kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    words = node("Gather", [matrix("words", len(vocabulary()), 1.0), "input_ids"], "embedded")
    kinds = node("Gather", [matrix("kinds", 2, 0.2), "token_type_ids"], "typed")
    hidden = node("Add", [words, kinds], "hidden")
    query = node("MatMul", [hidden, matrix("query_weight", dim, 0.1)], "query")
    key = node("MatMul", [hidden, matrix("key_weight", dim, 0.1)], "key")
    value = node("MatMul", [hidden, matrix("value_weight", dim, 0.05)], "value")
    alike = node("MatMul", [query, node("Transpose", [key], "key_t", perm=[0, 2, 1])], "alike")
    rows = node("Unsqueeze", ["attention_mask", _constant(weights, "axis", np.array([1]))], "rows")
    mask = node("Cast", [rows], "mask", to=TensorProto.FLOAT)
    gone = node("Sub", [_constant(weights, "one_f", np.array(1, np.float32)), mask], "gone")
    blocked = node("Mul", [gone, _constant(weights, "far", np.array(-1e9, np.float32))], "blocked")
    attention = node("Softmax", [node("Add", [alike, blocked], "masked")], "attention", axis=-1)
    return nodes, weights, node("Add", [hidden, node("MatMul", [attention, value], "mixed")], "last")


def _write(
    folder: Path,
    nodes: list[onnx.NodeProto],
    weights: list[onnx.TensorProto],
    output: onnx.ValueInfoProto,
    config: dict[str, object],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(folder / "model.onnx"))
    _tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps(config | {"pad_token_id": 0}), encoding="utf-8")
    settings = {"model_max_length": 64, "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def _tokenizer() -> Tokenizer:
    tokens = vocabulary()
    tokenizer = Tokenizer(models.WordPiece(tokens, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIALS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", tokens["[CLS]"]), ("[SEP]", tokens["[SEP]"])],
    )
    return tokenizer
