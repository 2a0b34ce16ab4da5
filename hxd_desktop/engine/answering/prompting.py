"""The prompt of a question within a model's context: what is kept of the conversation, and the sources that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import context, grounding, prompts
from hxd_desktop.engine.answering.dialogue import Dialogue, Dialogues
from hxd_desktop.engine.answering.narrowing import narrow

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.library.reader import LibraryReader
    from hxd_desktop.engine.models.protocols import ChatMessage, Generator
    from hxd_desktop.engine.settings import AnswerSettings

_MESSAGE_TOKENS = 8  # what a chat format puts around a message
_FENCE_TOKENS = 56  # what stands around a source
_WORTH_TOKENS = 256  # sources are worth more than the last turns where there is less room than this for them


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent. `sources`: the evidence of this turn. `before`: the conversation that it goes on with.

    `given`: numbers of the sources that the model has read before. `tokens`: length by the model's own count.
    """

    messages: tuple[ChatMessage, ...]
    sources: tuple[Source, ...]
    before: Dialogue | None
    given: frozenset[int]
    tokens: int

    def cited_before(self, reply: str) -> list[Source]:
        """The sources of earlier turns that a reply cites though they were not chosen for this one."""
        if self.before is None:
            return []
        cited = grounding.citations(reply) - {source.n for source in self.sources}
        return [source for source in self.before.sources if source.n in cited]

    def dialogue(self, history: Sequence[tuple[str, str]], asked: str, reply: ChatMessage, language: str) -> Dialogue:
        """The conversation once it has been replied to."""
        new = tuple(source for source in self.sources if source.n not in self.given)
        earlier = self.before.sources if self.before is not None else ()
        pairs = (*(turn for turn in history if turn[1]), (asked, reply.content))
        return Dialogue(pairs, (*self.messages, reply), earlier + new, language)


class Prompter:
    """Makes prompts for one generator.

    Args:
        generator: whose tokens are counted and whose context has to hold the prompt and the reply.
        settings: the budget of the sources and the length of the reply.
        readers: by name, for neighbours of the sources.
        dialogues: the conversations that the generator has read.
        cancel: stops loading a model that is not in memory.
    """

    def __init__(
        self,
        generator: Generator,
        settings: AnswerSettings,
        readers: Mapping[str, LibraryReader],
        dialogues: Dialogues,
        cancel: CancelToken | None = None,
    ) -> None:
        self._count = generator.count_tokens
        self._settings = settings
        self._readers = readers
        self._dialogues = dialogues
        window = generator.info(cancel).context_tokens
        self._room = window - settings.max_answer_tokens if window else 1 << 30

    def prompt(
        self,
        question: Question,
        sources: Sequence[Source],
        history: Sequence[tuple[str, str]],
        idf: Mapping[str, float],
    ) -> Prompt:
        """Return the prompt; instruction and question stand in it whole, whatever the budget.

        A conversation that the model has read goes on behind what it has read, with the new sources alone, as long as
        the context has room for it; after that it begins anew.
        """
        known = self._dialogues.recall(history, prompts.prompt_language(question))
        if known is not None:
            going_on = self._going_on(question, self._fitting(question, sources, idf, 1 << 30), known)
            if going_on.tokens <= self._room:
                return going_on
        return self._anew(question, sources, history, idf)

    def _going_on(self, question: Question, sources: Sequence[Source], known: Dialogue) -> Prompt:
        last = max((source.n for source in known.sources), default=0)
        chosen: list[Source] = []
        given: set[int] = set()
        for source in sources:
            own = known.holding(source)
            if own is None:
                last += 1
                chosen.append(replace(source, n=last))
            elif own.n not in given:
                given.add(own.n)
                chosen.append(replace(own, scores=source.scores))
        messages = prompts.build_messages(question, chosen, before=known.messages, given=given)
        return Prompt(tuple(messages), tuple(chosen), known, frozenset(given), self._tokens(messages))

    def _anew(
        self,
        question: Question,
        sources: Sequence[Source],
        history: Sequence[tuple[str, str]],
        idf: Mapping[str, float],
    ) -> Prompt:
        turns: Sequence[tuple[str, str]] = history
        room = self._room - self._tokens(prompts.build_messages(question, (), turns))
        if room < min(self._settings.context_tokens, _WORTH_TOKENS) and turns:
            turns = ()
            room = self._room - self._tokens(prompts.build_messages(question, ()))
        while True:
            chosen = self._fitting(question, sources, idf, room)
            messages = prompts.build_messages(question, chosen, turns)
            tokens = self._tokens(messages)
            if tokens <= self._room or not chosen:
                return Prompt(tuple(messages), tuple(chosen), None, frozenset(), tokens)
            # Long titles: what stands around the sources took more than was put aside for it.
            room -= max(tokens - self._room, _FENCE_TOKENS)

    def _fitting(
        self, question: Question, sources: Sequence[Source], idf: Mapping[str, float], room: int
    ) -> list[Source]:
        budget = min(self._settings.context_tokens, room - _FENCE_TOKENS * len(sources))
        while budget < _FENCE_TOKENS and len(sources) > 1:  # better fewer sources than scraps of all
            sources = sources[: len(sources) // 2]
            budget = min(self._settings.context_tokens, room - _FENCE_TOKENS * len(sources))
        if budget <= 0:
            return []
        if sum(self._count(source.text) for source in sources) > budget:
            return narrow(question, sources, idf, budget, self._count)
        return context.assemble(sources, self._readers, budget, self._count)

    def _tokens(self, messages: Sequence[ChatMessage]) -> int:
        return sum(self._count(message.content) + _MESSAGE_TOKENS for message in messages)
