"""Make small BERT models as GGUF files: an embedder and a reranker, random weights, the vocabulary of `tiny_onnx`.

The embedding table dominates, so that texts that share words are alike.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

from tests.support import tiny_onnx

CONTEXT = 64


def make(
    path: Path,
    *,
    pooling: gguf.PoolingType | None = gguf.PoolingType.MEAN,
    dim: int = 32,
    scores: int = 1,
    name: str = "tiny bert",
) -> Path:
    """Write a model to `path` and return it.

    Args:
        path: The file to write.
        pooling: RANK makes a reranker; None leaves it out.
        dim: Length of the vectors, a multiple of 32.
        scores: Outputs of a reranker.
        name: What the file calls the model.
    """
    rng = np.random.default_rng(0)
    specials = tiny_onnx.SPECIALS
    words = [token for token in tiny_onnx.vocabulary() if token not in specials]
    # llama.cpp marks the beginning of a word, where BERT's vocabulary marks its continuation.
    tokens = [*specials, *(w.removeprefix("##") if w.startswith("##") else "\u2581" + w for w in words)]
    writer = gguf.GGUFWriter(str(path), "bert")
    writer.add_name(name)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(dim)
    writer.add_block_count(1)
    writer.add_feed_forward_length(2 * dim)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    if pooling is not None:
        writer.add_pooling_type(pooling)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    kinds = [gguf.TokenType.CONTROL] * len(specials) + [gguf.TokenType.NORMAL] * len(words)
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_token_type_count(2)
    for add, token in (
        (writer.add_pad_token_id, "[PAD]"), (writer.add_unk_token_id, "[UNK]"), (writer.add_bos_token_id, "[CLS]"),
        (writer.add_sep_token_id, "[SEP]"), (writer.add_eos_token_id, "[SEP]"),
    ):  # fmt: skip
        add(specials.index(token))

    def matrix(tensor: str, rows: int, columns: int, scale: float) -> None:
        writer.add_tensor(f"{tensor}.weight", rng.normal(0, scale, (rows, columns)).astype(np.float32))

    def vector(tensor: str, size: int, value: float = 0.0) -> None:
        writer.add_tensor(tensor, np.full(size, value, np.float32))

    def norm(tensor: str) -> None:
        vector(f"{tensor}.weight", dim, 1.0)
        vector(f"{tensor}.bias", dim)

    matrix("token_embd", len(tokens), dim, 1.0)
    matrix("token_types", 2, dim, 0.1)
    matrix("position_embd", CONTEXT, dim, 0.05)
    norm("token_embd_norm")
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        matrix(f"blk.0.{part}", dim, dim, 0.1)
        vector(f"blk.0.{part}.bias", dim)
    norm("blk.0.attn_output_norm")
    matrix("blk.0.ffn_up", 2 * dim, dim, 0.05)
    vector("blk.0.ffn_up.bias", 2 * dim)
    matrix("blk.0.ffn_down", dim, 2 * dim, 0.05)
    vector("blk.0.ffn_down.bias", dim)
    norm("blk.0.layer_output_norm")
    if pooling == gguf.PoolingType.RANK:
        matrix("cls", dim, dim, 0.5)
        vector("cls.bias", dim)
        if scores != 1:
            writer.add_classifier_output_labels([f"label {number}" for number in range(scores)])
        matrix("cls.output", scores, dim, 1.0)
        vector("cls.output.bias", scores)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
