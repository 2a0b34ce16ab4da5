"""Four lines of the record: is it a question, is a passage relevant, does the reply know, is it safe.

Each is filled by the language model where it is asked for marks (`by`: "model", from 0 to 10), else by the words
(`by`: "lexical"). `decides` says whether the line had a say: words always do, harm where the settings have the model
judge it, the other marks once the library's examples have shown what they are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.gate import passes
from hxd_desktop.engine.answering.marks import QUESTION_FROM, RELEVANT_FROM, UNKNOWN_FROM, Marker, ReplyMarks
from hxd_desktop.engine.answering.sayings import language_of
from hxd_desktop.engine.answering.unknown import says_unknown

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.safety import Finding, Safety
    from hxd_desktop.engine.answering.scoring import Scored
    from hxd_desktop.engine.answering.trace import StageNotes, Trace
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.models.protocols import ChatMessage

_LEXICAL = {"by": "lexical", "decides": True}


class Checks:
    """Writes the four lines of one question.

    Args:
        trace: where they go.
        marker: the model that marks, None for none.
        cancel: stops it.
    """

    def __init__(self, trace: Trace, marker: Marker | None, cancel: CancelToken) -> None:
        self._trace = trace
        self._marker = marker
        self._cancel = cancel
        self._done = False

    def before(
        self,
        scored: Scored,
        prompt: Sequence[ChatMessage],
        sources: Sequence[Source],
        limits: Mapping[str, int],
    ) -> str | None:
        """Check question and passages; return the name of a mark that refuses, None to go on. Once is enough.

        Args:
            scored: what the gate said.
            prompt: of the answer, empty where it is quoted.
            sources: in it.
            limits: of the marks that may decide.
        """
        if self._done:
            return None
        self._done = True
        marks = None
        if self._marker is not None and prompt and self._marker.wanted(self._cancel):
            with self._trace.stage("score_question") as notes:
                marks = self._marker.of_question(prompt, sources, language_of(scored.question), self._cancel)
                if marks is None or marks.question is None:
                    _lexical_question(notes, scored)
                else:
                    _marked(notes, marks.question, limits.get("question"), QUESTION_FROM)
        else:
            with self._trace.line("score_question") as notes:
                _lexical_question(notes, scored)
        with self._trace.line("score_relevance") as notes:
            if marks is None or marks.relevance is None:
                _lexical_relevance(notes, scored)
            else:
                _marked(notes, marks.relevance, limits.get("relevance"), RELEVANT_FROM)
                notes.detail["passages"] = dict(marks.passages)
        given = {"question": marks.question, "relevance": marks.relevance} if marks is not None else {}
        for name, limit in limits.items():
            mark = given.get(name)
            if mark is not None and mark < limit:
                return name
        return None

    def after(
        self, scored: Scored, prompt: Sequence[ChatMessage], reply: str, safety: Safety, unsafe: Finding | None
    ) -> ReplyMarks | None:
        """Check a reply; return the model's marks, None where it gave none.

        Args:
            scored: what the gate said.
            prompt: to which it is the reply, empty where it quotes.
            reply: what was written.
            safety: what is harmful.
            unsafe: what the words found in it; then the model does not get to read it again.
        """
        marks = None
        if self._marker is not None and prompt and reply and unsafe is None and self._marker.wanted(self._cancel):
            with self._trace.stage("score_unknown") as notes:
                marks = self._marker.of_reply(prompt, reply, language_of(scored.question), self._cancel)
                if marks is None or marks.unknown is None:
                    _lexical_unknown(notes, reply, quoted=not prompt)
                else:
                    _marked(notes, marks.unknown, None, UNKNOWN_FROM, more_refuses=True)
        else:
            with self._trace.line("score_unknown") as notes:
                _lexical_unknown(notes, reply, quoted=not prompt)
        with self._trace.line("score_safety") as notes:
            if marks is None or marks.harm is None:
                notes.detail = dict(_LEXICAL)
                notes.verdict = "pass" if unsafe is None else "refuse"
            else:
                limit = safety.settings.judge_limit
                _marked(notes, marks.harm, limit if safety.settings.judge else None, limit, more_refuses=True)
        return marks


def _lexical_question(notes: StageNotes, scored: Scored) -> None:
    notes.score = scored.question.interrogative
    notes.detail = {**_LEXICAL, "shape": str(scored.question.shape)}


def _lexical_relevance(notes: StageNotes, scored: Scored) -> None:
    decisive = scored.decisive
    if decisive is not None:
        notes.score = decisive.signals.get("coverage")
        notes.verdict = "pass" if passes(decisive) else "refuse"
    notes.detail = {**_LEXICAL, "within": "gate"}


def _lexical_unknown(notes: StageNotes, reply: str, *, quoted: bool) -> None:
    notes.verdict = "refuse" if not quoted and says_unknown(reply) else "pass"
    notes.detail = dict(_LEXICAL)


def _marked(notes: StageNotes, mark: int, limit: int | None, usual: int, *, more_refuses: bool = False) -> None:
    line = usual if limit is None else limit
    notes.score, notes.threshold = float(mark), float(line)
    notes.verdict = "refuse" if (mark >= line if more_refuses else mark < line) else "pass"
    detail: dict[str, Any] = {"by": "model", "decides": limit is not None}
    notes.detail = detail
