"""What a language model is loaded with, and what one of its replies took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LlamaOptions:
    """What a model is loaded with; other options load it again.

    `context_tokens`, `threads`, `batch`: 0 leaves the choice to the memory and the cores that there are; so does -1
    for `gpu_layers`, and "" for `kv_type` ("f16", "q8_0", "q4_0"). `flash_attention`: "auto", "on", "off".
    """

    path: str
    context_tokens: int = 0
    gpu_layers: int = -1
    threads: int = 0
    batch: int = 0
    kv_type: str = ""
    flash_attention: str = "auto"


@dataclass(frozen=True, slots=True)
class GenerationRun:
    """What one reply took; `reason` is "end", "length" or "cancelled".

    `decode_ms`: from the first token to the last; `inside_ms`: the part of it that llama.cpp itself computed.
    """

    reason: str
    tokens: int
    prompt_tokens: int
    reused_tokens: int
    prompt_ms: float
    decode_ms: float
    inside_ms: float

    def record(self) -> dict[str, Any]:
        """The same as a record shows it; speeds are tokens a second, null where too little was done to tell."""
        read = self.prompt_tokens - self.reused_tokens
        return {
            "prompt_tokens": self.prompt_tokens,
            "reused_tokens": self.reused_tokens,
            "tokens": self.tokens,
            "first_token_ms": round(self.prompt_ms, 1),
            "prompt_tokens_per_s": _speed(read, self.prompt_ms),
            "tokens_per_s": _speed(self.tokens - 1, self.decode_ms),
        }


def _speed(tokens: int, ms: float) -> float | None:
    return round(tokens / ms * 1000, 1) if tokens > 0 and ms > 0 else None
