"""A question and what became of it; how its text is shown. Knows no widgets."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.library.model import Example, Message
from hxd_desktop.ui import wording
from hxd_desktop.ui.harmless import CODE, harmless
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.records import answer_of
from hxd_desktop.ui.wording import Verdict

_CITATION = re.compile(r"\[(\d{1,3})\](?!\()")
_HISTORY = 6
WRONG_SOURCE = "wrong_source"  # of an example: answerable, but not from the source that was named
_MARKDOWN = (".md", ".markdown")

_keys = itertools.count(1)


class Phase(StrEnum):
    """How far an exchange is."""

    WAITING = "waiting"  # no word of the answer yet
    WRITING = "writing"
    DONE = "done"


@dataclass(slots=True, eq=False)
class Exchange:
    """One question with its answer, refusal or problem.

    `ticket`: the bridge's, while it runs. `text`: what has come so far. `answer` or `problem` is set when DONE.
    `examples`: the ids of examples made from it, by whether the question was said to be answerable.
    `learning`: what was said of it is being learned. `wrong_source`: it was said that a wrong source was named.
    `quoting`: no model writes, so its text is taken literally while it comes.

    Its place in the conversation's tree: `message_id` of the question and `answer_id` of the answer (None: not kept
    yet), `after`: the message that it follows (0: none, None: the end of the branch shown), `siblings`: the ids of all
    questions in its place, its own too.
    """

    question: str
    libraries: tuple[str, ...] = ()
    ticket: int | None = None
    phase: Phase = Phase.WAITING
    stage: str = ""
    text: str = ""
    answer: Answer | None = None
    problem: Problem | None = None
    stopping: bool = False
    examples: dict[bool, int] = field(default_factory=dict)
    learning: bool = False
    wrong_source: bool = False
    quoting: bool = True
    message_id: int | None = None
    answer_id: int | None = None
    after: int | None = None
    siblings: tuple[int, ...] = ()
    key: int = field(default_factory=lambda: next(_keys))

    @property
    def branch(self) -> tuple[int, int]:
        """Which of how many questions in its place it is, from 1."""
        if self.message_id in self.siblings:
            return self.siblings.index(self.message_id) + 1, len(self.siblings)
        return 1, 1

    @property
    def spoken(self) -> str:
        """The whole exchange in words, as a screen reader says it."""
        verdict = self.verdict
        parts = [t("You asked: {question}", question=self.question)]
        if self.shown_text:
            parts.append(t("Answer: {text}", text=self.shown_text))
        if verdict is not None:
            parts.append(verdict.words)
        return "\n".join(parts)

    @property
    def news(self) -> str:
        """What a screen reader says when it is answered: the verdict, then the answer."""
        verdict, text = self.verdict, self.shown_text
        return "\n".join(part for part in (verdict.words if verdict is not None else "", text) if part)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, None while it runs."""
        if self.answer is not None:
            return wording.verdict(self.answer)
        if self.problem is not None:
            return Verdict("muted" if self.problem.severity == "info" else "bad", self.problem.title)
        return None

    @property
    def shown_text(self) -> str:
        """What stands as the answer: the text so far, the final one, a refusal's words or the problem's."""
        if self.answer is not None:
            match self.answer.outcome:
                case Outcome.ANSWERED:
                    return self.answer.answer
                case Outcome.FAILED:
                    return wording.failure_text(self.answer)
                case Outcome.CANCELLED:
                    return self.answer.answer or self.text or wording.refusal_text(self.answer)
            if self.answer.outcome in (Outcome.NOT_A_QUESTION, Outcome.NO_DOCUMENTS):
                return wording.refusal_text(self.answer)
            return self.answer.refusal.reason or wording.refusal_text(self.answer)
        if self.problem is not None:
            return self.text or " ".join(part for part in (self.problem.message, self.problem.remedy) if part)
        return self.text


class KeptExchange(Exchange):
    """An exchange from the database; its record is read when it is first looked at, so a long chat opens at once."""

    __slots__ = ("_record_json",)

    @property
    def answer(self) -> Answer | None:  # type: ignore[override]
        """The answer or refusal, read from its record."""
        unread = getattr(self, "_record_json", "")
        if unread:
            self._record_json = ""
            self.answer = read = answer_of(json.loads(unread))
            self.libraries = tuple(str(library["name"]) for library in read.libraries)
        return _ANSWER.__get__(self)  # type: ignore[no-any-return]

    @answer.setter
    def answer(self, value: Answer | None) -> None:
        _ANSWER.__set__(self, value)

    def keep(self, record_json: str) -> None:
        """Take the record, unread."""
        self._record_json = record_json


_ANSWER = Exchange.__dict__["answer"]  # the slot beneath the property


def exchanges_of(messages: Iterable[Message]) -> list[Exchange]:
    """Pair the stored messages of a conversation, oldest first; a question without an answer was cut short."""
    exchanges: list[KeptExchange] = []
    for message in messages:
        if message.role == "user":
            exchanges.append(
                KeptExchange(
                    message.text,
                    phase=Phase.DONE,
                    message_id=message.id,
                    after=message.parent_id or 0,
                    siblings=message.siblings,
                )
            )
        elif exchanges and exchanges[-1].answer_id is None:
            last = exchanges[-1]
            last.text, last.answer_id = message.text, message.id
            if message.record_json is not None:
                last.keep(message.record_json)
            elif message.record is not None:
                last.answer = answer_of(message.record)
                last.libraries = tuple(str(library["name"]) for library in last.answer.libraries)
    return list[Exchange](exchanges)


def with_examples(exchanges: list[Exchange], examples: Iterable[Example]) -> list[Exchange]:
    """Mark the exchanges whose question the library that decided keeps as an example, so that it can be taken back."""
    kept = {(example.library, example.question): example for example in examples}
    questions = {question for _, question in kept}
    for exchange in exchanges:
        if exchange.question.strip() not in questions:
            continue
        library = exchange.answer.refusal.library if exchange.answer is not None else None
        example = kept.get((library or next(iter(exchange.libraries), ""), exchange.question.strip()))
        if example is not None:
            exchange.examples = {example.answerable: example.id}
            exchange.wrong_source = example.source == WRONG_SOURCE
    return exchanges


def history_of(exchanges: Iterable[Exchange]) -> tuple[tuple[str, str], ...]:
    """The answered questions that a follow-up may refer to, oldest first."""
    answered = (
        (exchange.question, exchange.answer.answer)
        for exchange in reversed(list(exchanges))
        if exchange.answer is not None and exchange.answer.outcome is Outcome.ANSWERED
    )
    return tuple(itertools.islice(answered, _HISTORY))[::-1]


def answer_markdown(exchange: Exchange) -> str:
    """The text of an exchange as Markdown with its citations as links.

    What is not of a model (quotations, refusals) is taken literally, except quotations
    of Markdown documents alone, which read best as they were meant.
    """
    text, answer = exchange.shown_text, exchange.answer
    if answer is None or answer.outcome is not Outcome.ANSWERED:
        return as_markdown(text, (), literal=exchange.quoting or answer is not None)
    numbers = [source.n for source in answer.sources]
    if answer.model.get("generator") != "extractive":
        return as_markdown(text, numbers, literal=False)
    quoted = wording.cited(answer)
    documents = [source.document for source in answer.sources if source.n in quoted]
    if not documents or not all(document.endswith(_MARKDOWN) for document in documents):
        return as_markdown(text, numbers, literal=True)
    return as_markdown(re.sub(r"(\[\d+\])\n", r"\1\n\n", text), numbers, literal=False)


def as_markdown(text: str, citations: Iterable[int], *, literal: bool) -> str:
    """Return `text` as Markdown in which each `[n]` of `citations` is a link to `cite:n`.

    `literal`: the text quotes documents, so characters that Markdown would take for markup are kept as they are.
    """
    known = set(citations)

    def link(match: re.Match[str]) -> str:
        return f"[[{match[1]}]](cite:{match[1]})" if int(match[1]) in known else match[0]

    if literal:
        parts = []
        last = 0
        for match in _CITATION.finditer(text):
            parts += [_escape(text[last : match.start()]), link(match)]
            last = match.end()
        parts.append(_escape(text[last:]))
        return "".join(parts)
    pieces = enumerate(CODE.split(harmless(text)))
    return "".join(piece if index % 2 else _CITATION.sub(link, piece) for index, piece in pieces)


def _escape(text: str) -> str:
    escaped = re.sub(r"([\\`*_{}\[\]<>()#+\-!|~&=])", r"\\\1", text)
    escaped = re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", escaped, flags=re.MULTILINE)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", escaped)
