"""Make small InternLM2 models as GGUF files: random weights, a working vocabulary, InternLM2's chat format.

`script` makes a model that says exactly that: each token's embedding is a direction of its own, attention and
feed-forward add nothing, and the output layer sends each direction to the next token of the script. So the end of
turn, characters split over several tokens and the like are tested on a real llama.cpp with a known reply.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np

CHATML = (
    "{{ bos_token }}{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
END_OF_TURN = "<|im_end|>"
SPECIALS = ("<|plugin|>", "<|interpreter|>", "<|action_end|>", "<|action_start|>", END_OF_TURN, "<|im_start|>")
WORDS = "the of and to in is answer source document user system assistant".split()


def byte_tokens(text: str) -> list[str]:
    """The tokens that spell `text` byte by byte."""
    return [f"<0x{byte:02X}>" for byte in text.encode()]


def vocabulary(specials: Sequence[str] = SPECIALS) -> tuple[list[str], list[float], list[int]]:
    """Tokens, scores and types of a SentencePiece vocabulary with bytes, ASCII, 600 characters and a few words."""
    kinds = gguf.TokenType
    tokens = {"<unk>": kinds.UNKNOWN, "<s>": kinds.CONTROL, "</s>": kinds.CONTROL}
    tokens |= {f"<0x{byte:02X}>": kinds.BYTE for byte in range(256)}
    # A piece is only reachable when it splits into two reachable ones, so words come with all their beginnings.
    pieces = {("\u2581" + word)[:end] for word in WORDS for end in range(2, len(word) + 2)}
    pieces |= {"\u2581", *map(chr, range(33, 127)), *"，。？！：；"}
    pieces |= {bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xB7) for low in range(0xA1, 0xFF)}
    scores = [0.0] * len(tokens)
    for rank, piece in enumerate(sorted(pieces, key=lambda piece: (-len(piece), piece))):
        tokens[piece] = kinds.NORMAL
        scores.append(-float(rank + 1))
    for special in specials:
        tokens[special] = kinds.CONTROL
        scores.append(-1000.0)
    return list(tokens), scores, [int(kind) for kind in tokens.values()]


def make(
    path: Path,
    *,
    script: Sequence[str] | None = None,
    chat_template: str | None = CHATML,
    layers: int = 2,
    hidden: int = 64,
    context: int = 2048,
    architecture: str = "internlm2",
    eos_token: str = END_OF_TURN,
    specials: Sequence[str] = SPECIALS,
    seed: int = 0,
    pooling: int | None = None,
) -> Path:
    """Write a model to `path` and return it.

    Args:
        path: The file to write.
        script: Tokens of the reply, each at most once; the end of turn follows. None for random weights, which
            babble without end.
        chat_template: None leaves it out.
        layers: Transformer blocks.
        hidden: Width, a multiple of 32 and more than the script is long.
        context: Context length that the file claims.
        architecture: What the file claims to be.
        eos_token: Which token the file names as end of sequence.
        specials: Control tokens besides those of the beginning and end of a text.
        seed: Of the random weights.
        pooling: How one vector is made of those of all tokens, as llama.cpp numbers it; None leaves it out.
    """
    tokens, scores, types = vocabulary(specials)
    heads, kv_heads, feed_forward = 4, 2, 2 * hidden
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_name("tiny internlm2")
    writer.add_context_length(context)
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(0)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_add_space_prefix(False)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(tokens.index(eos_token))
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    if pooling is not None:
        writer.add_pooling_type(gguf.PoolingType(pooling))
    if chat_template is not None:
        writer.add_chat_template(chat_template)

    def matrix(name: str, rows: int, columns: int, scale: float = 0.02) -> None:
        writer.add_tensor(name, rng.normal(0, scale, (rows, columns)).astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(hidden, np.float32))

    embedding = rng.normal(0, 0.02, (len(tokens), hidden)).astype(np.float32)
    output = rng.normal(0, 0.02, (len(tokens), hidden)).astype(np.float32)
    if script is not None:
        # The prompt ends with a newline, which this vocabulary spells as a byte.
        chain = [tokens.index(token) for token in ("<0x0A>", *script, END_OF_TURN)]
        assert len(set(chain)) == len(chain) <= hidden
        for place, (now, after) in enumerate(itertools.pairwise(chain)):
            embedding[now] = np.eye(hidden, dtype=np.float32)[place]
            output[after] = 4 * np.eye(hidden, dtype=np.float32)[place]
    writer.add_tensor("token_embd.weight", embedding)
    ones("output_norm.weight")
    writer.add_tensor("output.weight", output)
    scale = 0.0 if script is not None else 0.02
    key_width = hidden // heads * kv_heads
    for layer in range(layers):
        block = f"blk.{layer}."
        ones(block + "attn_norm.weight")
        matrix(block + "attn_q.weight", hidden, hidden)
        matrix(block + "attn_k.weight", key_width, hidden)
        matrix(block + "attn_v.weight", key_width, hidden)
        matrix(block + "attn_output.weight", hidden, hidden, scale)
        ones(block + "ffn_norm.weight")
        matrix(block + "ffn_gate.weight", feed_forward, hidden)
        matrix(block + "ffn_up.weight", feed_forward, hidden)
        matrix(block + "ffn_down.weight", hidden, feed_forward, scale)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
