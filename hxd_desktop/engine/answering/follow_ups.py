"""Questions that are understood only together with the ones before them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.answering.normalising import normalise
from hxd_desktop.engine.answering.shapes import ASKING_ZH, LATIN_WORD
from hxd_desktop.engine.answering.terms import QueryTerm, content_text, weigh_terms
from hxd_desktop.engine.text.folding import fold

_MAX_HISTORY = 6
_POINTING_ZH = lexicon.any_of(lexicon.POINTING_ZH)
_FEW_CONTENT_CHARS = 6
_AND_THIS = re.compile(r".{1,12}呢\s*[?？]?$")  # "上海呢？": of this, what was asked before


def carried_over(text: str, terms: Sequence[QueryTerm], history: Sequence[tuple[str, str]]) -> str:
    """What the earlier questions add: "" where `text` stands on its own."""
    if not _points_back(text, terms):
        return ""
    # An earlier follow-up was itself completed by the one before it.
    subject = ""
    for question, _ in list(history)[-_MAX_HISTORY:]:
        normal = normalise(question)
        content = content_text(normal)
        if not content:
            continue
        continues = subject and _points_back(normal, weigh_terms(normal)[0])
        subject = f"{subject} {content}" if continues else content
    return subject[-200:]


def _points_back(text: str, terms: Sequence[QueryTerm]) -> bool:
    folded = fold(text)
    content = sum(t.end - t.start if t.term.isascii() else 1 for t in terms if t.weight >= 1.0)
    if content == 0:
        return True
    words = LATIN_WORD.findall(folded)
    few_words = folded.isascii() and sum(w not in lexicon.FUNCTION_EN for w in words) <= 2
    short = content <= _FEW_CONTENT_CHARS or few_words
    if folded.startswith(lexicon.CONTINUING_ZH + lexicon.CONTINUING_EN) and short:
        # "how do I install X" stands alone; "how about X", "why?" and "那 X 呢" do not.
        stands_alone = words[:1] in (["how"], ["why"]) and words[1:2] not in ([], ["about"], ["not"])
        return not stands_alone
    if short and _AND_THIS.match(folded) is not None and ASKING_ZH.search(folded.rstrip("呢?？ ")) is None:
        return True
    if _POINTING_ZH.search(folded) is not None and content <= 2 * _FEW_CONTENT_CHARS:
        return True
    return any(word in lexicon.POINTING_EN for word in words) and len(words) <= 12
