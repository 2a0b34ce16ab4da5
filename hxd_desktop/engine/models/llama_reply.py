"""A reply from a loaded model, token by token at temperature 0; runs in the worker process."""

from __future__ import annotations

import codecs
import ctypes
import time
from collections.abc import Iterator
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.chat_format import Neutraliser, UnusableFormatError, end_of_turn, render
from hxd_desktop.engine.models.llama_cache import Cache
from hxd_desktop.engine.models.llama_loading import Llama, Loaded, tokens_of

_CONTROL = 1 << 3  # LLAMA_TOKEN_ATTR_CONTROL
_STEP_S = 0.08  # a graphics card is not asked within a step whether to go on, so steps are short
_FIRST_STEP = 64
_ABORTED = 2  # what llama_decode returns where the callback said stop
_FULL = 1  # and where the cache has no room


class Speaker:
    """A loaded model with its chat format.

    Raises:
        ModelError: the file does not say how a conversation is written, or says what cannot be used.
    """

    def __init__(self, llama: Llama, loaded: Loaded) -> None:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        self._llama, self._api, self._loaded = llama, llama.api, loaded
        self._vocabulary = self._api.llama_model_get_vocab(loaded.model)
        self.context_tokens = int(self._api.llama_n_ctx(loaded.context))
        self._cache = Cache(self._api, loaded.context, self.context_tokens)
        self._batch = self._api.llama_batch_init(loaded.plan.batch, 0, 1)
        self._step = loaded.plan.batch if not loaded.plan.gpu_layers else min(_FIRST_STEP, loaded.plan.batch)
        template = loaded.header.chat_template
        if not template:
            raise ModelError(
                "The model has no chat template",
                "Its GGUF file does not say how a conversation is written, and a guess would spoil its answers.",
                "Use a chat (instruct) model whose GGUF holds tokenizer.chat_template.",
            )
        try:
            end = end_of_turn(loaded.header.architecture, template)
        except UnusableFormatError as error:
            raise _unusable(error) from error
        self._stops = self._stop_tokens(end)
        self._neutralise = Neutraliser(self._control_tokens())
        self._bos = self._text(self._api.llama_vocab_bos(self._vocabulary))
        self._formatter = Jinja2ChatFormatter(
            template, eos_token=self._text(self._api.llama_vocab_eos(self._vocabulary)), bos_token=self._bos
        )
        self._inside = 0.0  # seconds in llama_decode since the first token of a reply
        self._piece_buffer = ctypes.create_string_buffer(256)

    def close(self) -> None:
        """Free what belongs to it, and the model."""
        self._api.llama_batch_free(self._batch)
        self._loaded.close()

    def count(self, text: str) -> int:
        """Length of a text in tokens."""
        return len(tokens_of(self._api, self._vocabulary, text, begin=False, special=False))

    def prompt(self, messages: list[tuple[str, str]]) -> list[int]:
        """The tokens of a conversation, with the beginning of a reply.

        Raises:
            ModelError: the model's template fails on it.
        """
        try:
            text = render(self._formatter, messages, self._neutralise)
        except UnusableFormatError as error:
            raise _unusable(error) from error
        # Most templates write the beginning of sequence themselves.
        written = bool(self._bos) and text.startswith(self._bos)
        begin = bool(self._api.llama_vocab_get_add_bos(self._vocabulary)) and not written
        return tokens_of(self._api, self._vocabulary, text, begin=begin, special=True)

    def reply(self, prompt: list[int], max_tokens: int, grammar: str, stop: Any) -> Iterator[dict[str, Any]]:
        """Yield the messages that answer a "generate" request.

        Args:
            prompt: its tokens.
            max_tokens: length limit.
            grammar: GBNF rules that the reply has to keep to, "" for none.
            stop: a function; True ends the reply as "cancelled".

        Raises:
            ModelError: the prompt is too long, the grammar no grammar, or llama.cpp failed.
        """
        room = self.context_tokens - len(prompt)
        if room < 1:
            raise ModelError(
                "The question and its sources are too long for the model",
                f"They take {len(prompt)} tokens; its context holds {self.context_tokens}.",
                "Raise models.context_tokens, or lower answers.context_tokens.",
            )
        sampler = self._sampler(grammar)
        try:
            yield from self._reply(prompt, min(max_tokens, room), sampler, stop)
        finally:
            self._api.llama_sampler_free(sampler)

    def _reply(self, prompt: list[int], most: int, sampler: Any, stop: Any) -> Iterator[dict[str, Any]]:
        begun = time.perf_counter()
        sequence = self._cache.begin(prompt, most)
        held = self._cache.held[sequence]
        self._inside = 0.0
        done: dict[str, Any] = {"reason": "length", "prompt_tokens": len(prompt), "reused_tokens": len(held)}
        tokens, first = 0, None
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        started = False
        if not self._read(sequence, prompt, stop):
            done["reason"] = "cancelled"
        while done["reason"] != "cancelled":
            token = self._api.llama_sampler_sample(sampler, self._loaded.context, -1)
            if first is None:
                first, self._inside = time.perf_counter(), 0.0
            if token in self._stops or self._api.llama_vocab_is_eog(self._vocabulary, token):
                done["reason"] = "end"
                break
            tokens += 1
            text = decoder.decode(self._piece(token))
            if not started:
                text = text.lstrip()  # SentencePiece puts a space before the first word
                started = bool(text)
            if text:
                yield {"text": text}
            if tokens >= most:
                break
            if stop() or not self._read(sequence, [*held, token], stop):
                done["reason"] = "cancelled"
        rest = decoder.decode(b"", final=True)
        if rest and done["reason"] != "cancelled":
            yield {"text": rest}
        ended = time.perf_counter()
        yield {
            "done": {
                **done,
                "tokens": tokens,
                "prompt_ms": ((first or ended) - begun) * 1000,
                "decode_ms": (ended - first) * 1000 if first else 0.0,
                "inside_ms": self._inside * 1000,
            }
        }

    def _read(self, sequence: int, tokens: list[int], stop: Any) -> bool:
        """Evaluate what the sequence does not hold yet; False where it was stopped."""
        held = self._cache.held[sequence]
        while len(held) < len(tokens):
            if stop():
                return False
            size = min(self._step, len(tokens) - len(held))
            begun = time.perf_counter()
            status = self._decode(sequence, len(held), tokens[len(held) : len(held) + size], len(tokens))
            took = time.perf_counter() - begun
            self._inside += took
            if status == _FULL and self._cache.drop_others(sequence):
                continue
            if status != 0:
                self._cache.repair(sequence)
                if status == _ABORTED or stop():
                    return False
                raise ModelError(
                    "The model failed while answering",
                    f"llama.cpp: {self._llama.complaint() or f'error {status}'}.",
                    "Ask again; choose a shorter context or fewer GPU layers if it happens again.",
                )
            held.extend(tokens[len(held) : len(held) + size])
            if self._loaded.plan.gpu_layers and size == self._step:
                self._pace(took)
        return True

    def _pace(self, seconds: float) -> None:
        """Choose the length of steps on a graphics card by how long the last one took."""
        if seconds > _STEP_S:
            self._step = max(self._step // 2, 8)
        elif seconds < _STEP_S / 3:
            self._step = min(self._step * 2, self._loaded.plan.batch)

    def _decode(self, sequence: int, position: int, tokens: list[int], end: int) -> int:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i] = token
            batch.pos[i] = position + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = position + i == end - 1
        return int(self._api.llama_decode(self._loaded.context, batch))

    def _sampler(self, grammar: str) -> Any:
        api = self._api
        chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        if grammar:
            rules = api.llama_sampler_init_grammar(self._vocabulary, grammar.encode(), b"root")
            if not rules:
                api.llama_sampler_free(chain)
                raise ModelError("The model was asked nonsense", "Its grammar cannot be read.", "Report this.")
            api.llama_sampler_chain_add(chain, rules)
        api.llama_sampler_chain_add(chain, api.llama_sampler_init_greedy())
        return chain

    def _text(self, token: int) -> str:
        return self._api.llama_vocab_get_text(self._vocabulary, token).decode("utf-8", "replace") if token >= 0 else ""

    def _piece(self, token: int) -> bytes:
        buffer = self._piece_buffer
        written = self._api.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        if written < 0:
            buffer = self._piece_buffer = ctypes.create_string_buffer(-written)
            written = self._api.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[:written]

    def _stop_tokens(self, end: str | None) -> frozenset[int]:
        if end is None:
            return frozenset()
        tokens = tokens_of(self._api, self._vocabulary, end, begin=False, special=True)
        if len(tokens) != 1:
            raise ModelError(
                "The model would not know where to stop",
                f"Its chat template ends a turn with {end}, which is not a token of its vocabulary.",
                "Use another conversion of the model.",
            )
        return frozenset(tokens)

    def _control_tokens(self) -> list[str]:
        count = self._api.llama_vocab_n_tokens(self._vocabulary)
        attributes = self._api.llama_vocab_get_attr
        return [self._text(token) for token in range(count) if attributes(self._vocabulary, token) & _CONTROL]


def _unusable(error: UnusableFormatError) -> ModelError:
    return ModelError(
        "The model's chat template cannot be used",
        f"Of this model, {error}.",
        "Use another conversion of the model, or another model.",
    )
