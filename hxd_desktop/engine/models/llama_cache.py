"""What llama.cpp's cache of keys and values holds, and which part of it a prompt goes on with.

Runs in the worker process. The cache has room for several sequences over the same cells: a judgement between two
turns of a conversation does not push the conversation out, and what two prompts begin with is kept once.
"""

from __future__ import annotations

from typing import Any

from hxd_desktop.engine.models.llama_loading import SEQUENCES, prefix_length


class Cache:
    """The sequences of one context; `held[i]` are the tokens whose keys and values sequence i has."""

    def __init__(self, api: Any, context: Any, tokens: int) -> None:
        self._api = api
        self._memory = api.llama_get_memory(context)
        self._tokens = tokens
        self._used = [0] * SEQUENCES
        self._clock = 0
        self.held: list[list[int]] = [[] for _ in range(SEQUENCES)]

    def begin(self, prompt: list[int], reply: int) -> int:
        """Choose a sequence for a prompt, keep what it can go on with, and make room for it and its reply.

        The sequence is the one by which least has to be read now or again later: the tokens that are not in it, and
        those that would be lost. A prompt that goes elsewhere takes along what another sequence begins with.

        Returns:
            The sequence; `held` of it is the part of the prompt that needs no evaluation, never all of it.
        """
        most = len(prompt) - 1  # the last one is evaluated: its scores are what the reply begins from
        alike = [min(prefix_length(held, prompt), most) for held in self.held]
        cost = [len(held) + len(prompt) - 2 * same for held, same in zip(self.held, alike, strict=True)]
        chosen = min(range(SEQUENCES), key=lambda i: (cost[i], self._used[i]))
        best = max(range(SEQUENCES), key=lambda i: alike[i])
        if alike[best] > alike[chosen]:
            self.drop(chosen)
            self._api.llama_memory_seq_cp(self._memory, best, chosen, 0, alike[best])
            self.held[chosen] = self.held[best][: alike[best]]
        else:
            self._cut(chosen, alike[chosen])
        self._clock += 1
        self._used[chosen] = self._clock
        self._make_room(chosen, len(prompt) + reply)
        return chosen

    def drop(self, sequence: int) -> None:
        """Forget a sequence."""
        self._api.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        self.held[sequence] = []

    def repair(self, sequence: int) -> None:
        """After an evaluation that was stopped: keep what is known to be whole."""
        self._cut(sequence, len(self.held[sequence]))

    def drop_others(self, sequence: int) -> bool:
        """Forget every other sequence; False where there was none."""
        others = [i for i in range(SEQUENCES) if i != sequence and self.held[i]]
        for other in others:
            self.drop(other)
        return bool(others)

    def _cut(self, sequence: int, length: int) -> None:
        held = self.held[sequence]
        # Models that keep a state instead of keys and values cannot go back to the middle: they begin anew.
        if not self._api.llama_memory_seq_rm(self._memory, sequence, length, -1):
            self.drop(sequence)
            return
        del held[length:]

    def _make_room(self, chosen: int, needed: int) -> None:
        others = sorted((i for i in range(SEQUENCES) if i != chosen and self.held[i]), key=lambda i: self._used[i])
        for other in others:
            if needed + sum(len(self.held[i]) for i in others if self.held[i]) <= self._tokens:
                return
            self.drop(other)
