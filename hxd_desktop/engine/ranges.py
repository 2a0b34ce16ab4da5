"""Which numbers and which words each setting takes; other numbers would hang, or fill the machine."""

from __future__ import annotations

_EVER = 10.0**9
_HUGE = 2**62
# "page.key": (least, most). What is not here has to be finite, and to fit into 63 bits.
_RANGES: dict[str, tuple[float, float]] = {
    "chunks.max_tokens": (1, 2**40),
    "chunks.max_cjk_chars": (1, 2**40),
    "index.max_file_bytes": (0, _HUGE),
    "index.parse_timeout_s": (0.01, _EVER),
    "index.parse_memory_bytes": (0, _HUGE),
    "index.workers": (0, 64),
    "index.poll_seconds": (0.01, _EVER),
    "documents.ocr_page_timeout_s": (0.01, _EVER),
    "documents.ocr_memory_bytes": (0, _HUGE),
    "documents.ocr_confidence": (0, 1),
    "answers.top_k": (1, 1000),
    "answers.context_tokens": (1, 10_000_000),
    "answers.max_answer_tokens": (1, 1_000_000),
    "answers.quote_chars": (1, 1_000_000),
    "models.gpu_layers": (-1, 100_000),
    "models.threads": (0, 4096),
    "models.context_tokens": (0, 100_000_000),
    "models.batch": (0, 1_000_000),
    "models.unload_after_s": (0, _EVER),
    "rewriting.phrasings": (0, 5),
    "safety.judge_limit": (1, 10),
    "remote.timeout_s": (0.01, _EVER),
    "remote.context_tokens": (1, 100_000_000),
}
_MODES = ("auto", "on", "off")
_CHOICES: dict[str, tuple[str, ...]] = {
    "documents.ocr": ("auto", "off"),
    "documents.ocr_engine": ("auto", "rapidocr", "tesseract"),
    "models.flash_attention": _MODES,
    "models.kv_type": ("", "f16", "q8_0", "q4_0"),
    "models.onnx_device": ("auto", "cpu"),
    "remote.when": ("declined", "always"),
    "rewriting.mode": _MODES,
    "scores.mode": _MODES,
}


def wanted(name: str, value: float | str) -> str | None:
    """Return what `name` has to be where `value` is not ("a number from 0 to 64"), None where it may be so."""
    if isinstance(value, str):
        choices = _CHOICES.get(name)
        if choices is None or value in choices:
            return None
        return "one of " + ", ".join(f'"{choice}"' for choice in choices)
    least, most = _RANGES.get(name, (-_HUGE, _HUGE))
    if least <= value <= most:  # "not a number" is not
        return None
    return f"a number from {_shown(least)} to {_shown(most)}"


def _shown(number: float) -> str:
    if abs(number) == _HUGE:
        return "2^62" if number > 0 else "-2^62"
    return str(int(number)) if number == int(number) else f"{number:g}"
