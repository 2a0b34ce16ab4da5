"""A BERT encoder's safetensors weights as an ONNX graph with 8-bit integer weights, made without PyTorch.

The graph is written for ONNX Runtime: query, key and value in one product, and its own operators for attention,
residual and activation, which the optimiser would otherwise have to recognise. Runs in the ONNX worker process; needs
the package `onnx`, which the extra `minilm` brings.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = dict[str, NDArray[np.float32]]

GRAPH = "model.onnx"

_OPSET, _IR_VERSION = 17, 9
_OF_ONNX_RUNTIME = "com.microsoft"
_MOST_HEADER_BYTES = 1 << 24


def convert(source: Path, target: Path) -> None:
    """Write `model.onnx` into the folder `target` from `config.json` and `model.safetensors` in `source`.

    The graph takes `input_ids`, `attention_mask` and `token_type_ids`, int64 [batch, length], and gives
    `last_hidden_state`, float32 [batch, length, size].

    Raises:
        ModelError: it is no BERT encoder, a tensor is missing, or the package `onnx` is.
        OSError: a file cannot be read or written.
    """
    try:
        from onnx import TensorProto
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError as error:
        raise ModelError(
            "The model cannot be converted",
            f"A package is missing ({error.name}).",
            "Install the extra: python3 bootstrap.py minilm, or pip install onnx.",
        ) from error
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise _unusable(source, f"it is of type {config.get('model_type')} ({config.get('hidden_act')})")
    weights = read_safetensors(source / "model.safetensors")
    try:
        model = build(config, {name.removeprefix("bert."): value for name, value in weights.items()})
    except KeyError as error:
        raise _unusable(source, f"there is no {error}") from error
    logging.disable(logging.WARNING)  # it recommends steps that this graph does not need
    try:
        # Weights of 7 bits: with 8 the sums of two products overflow the 16 bits that processors without VNNI have.
        quantize_dynamic(
            model,
            target / GRAPH,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        logging.disable(logging.NOTSET)


def read_safetensors(path: Path) -> Weights:
    """Return the float32 tensors of a safetensors file by name; the others are left out.

    Raises:
        ModelError: the file is damaged.
    """
    import numpy as np

    with open(path, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > _MOST_HEADER_BYTES:
            raise _unusable(path, "its header is too long")
        try:
            header: dict[str, Any] = json.loads(stream.read(length))
        except ValueError as error:
            raise _unusable(path, "its header cannot be read") from error
        data = stream.read()
    found = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            found[name] = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return found


def build(config: dict[str, Any], weights: Weights) -> Any:
    """Return the `onnx.ModelProto` of a BERT encoder, in float32.

    Args:
        config: As in `config.json`.
        weights: Tensors by the names of transformers' BertModel.

    Raises:
        KeyError: a tensor is missing.
    """
    return _Graph(config, weights).model()


class _Graph:
    def __init__(self, config: dict[str, Any], weights: Weights) -> None:
        self._weights = weights
        self._size: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._epsilon: float = config["layer_norm_eps"]
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> Any:
        from onnx import TensorProto, helper

        last = self._embeddings()
        # The attention operator wants int32; 1 for a token that counts.
        mask = self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        for number in range(self._layers):
            last = self._layer(number, last, mask)
        self._node("Identity", [last], "last_hidden_state")
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", self._size])
        graph = helper.make_graph(self._nodes, "bert", inputs, [output], self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_OF_ONNX_RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="hxd-desktop")

    def _embeddings(self) -> str:
        import numpy as np
        from onnx import TensorProto

        table = self._weights["embeddings.word_embeddings.weight"].astype(
            np.float16
        )  # half the file, no loss to speak of
        words = self._node("Gather", [self._constant("words_table", table), "input_ids"], "words_half")
        words = self._node("Cast", [words], "words", to=TensorProto.FLOAT)
        types = self._node(
            "Gather", [self._weight("embeddings.token_type_embeddings.weight"), "token_type_ids"], "types"
        )
        length = self._node("Shape", ["input_ids"], "length", start=1, end=2)
        zero = self._constant("zero", np.array([0], np.int64))
        places = self._weight("embeddings.position_embeddings.weight")
        places = self._node("Slice", [places, zero, length, zero], "places")
        total = self._node("Add", [self._node("Add", [words, types], "words_types"), places], "embedded")
        return self._norm(total, "embeddings.LayerNorm", "embeddings")

    def _layer(self, number: int, inputs: str, mask: str) -> str:
        import numpy as np

        prefix, name = f"encoder.layer.{number}", f"l{number}"
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        product = self._node("MatMul", [inputs, self._constant(f"{name}_qkv_weight", joined)], f"{name}_qkv")
        split = [f"{name}_{part}" for part in "qkv"]
        self._node("Split", [product], *split, axis=-1)
        attended = self._node(
            "MultiHeadAttention",
            [*split, self._constant(f"{name}_qkv_bias", bias), mask],
            f"{name}_attended",
            domain=_OF_ONNX_RUNTIME,
            num_heads=self._heads,
        )
        middle = self._residual(attended, inputs, f"{prefix}.attention.output", f"{name}_middle")
        grown = self._product(middle, f"{prefix}.intermediate.dense.weight", f"{name}_grown")
        bias_name = self._weight(f"{prefix}.intermediate.dense.bias")
        active = self._node("BiasGelu", [grown, bias_name], f"{name}_active", domain=_OF_ONNX_RUNTIME)
        return self._residual(active, middle, f"{prefix}.output", f"{name}_out")

    def _residual(self, inputs: str, skip: str, prefix: str, name: str) -> str:
        """Dense layer, sum with `skip`, layer norm.

        `Sum` and not `Add`: ONNX Runtime would join Add and LayerNormalization into an operator that takes several
        times as long as the two.
        """
        product = self._product(inputs, f"{prefix}.dense.weight", f"{name}_dense")
        biased = self._node("Add", [product, self._weight(f"{prefix}.dense.bias")], f"{name}_biased")
        return self._norm(self._node("Sum", [biased, skip], f"{name}_sum"), f"{prefix}.LayerNorm", name)

    def _norm(self, inputs: str, prefix: str, name: str) -> str:
        parts = [self._weight(f"{prefix}.{part}") for part in ("weight", "bias")]
        return self._node("LayerNormalization", [inputs, *parts], name, axis=-1, epsilon=self._epsilon)

    def _product(self, inputs: str, weight: str, name: str) -> str:
        return self._node("MatMul", [inputs, self._constant(weight, self._weights[weight].T)], name)

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        import numpy as np
        from onnx import numpy_helper

        if all(name != constant.name for constant in self._constants):
            self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, list(outputs), name=outputs[0], **attributes))
        return outputs[0]


def _unusable(path: Path, why: str) -> ModelError:
    return ModelError(
        "The model cannot be converted",
        f"{path.name}: {why}.",
        "Only BERT encoders in safetensors can be converted.",
        path,
    )
