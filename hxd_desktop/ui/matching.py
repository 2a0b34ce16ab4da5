"""Which words of a text a question asks for."""

from __future__ import annotations

from functools import lru_cache


def matched_spans(question: str, text: str) -> list[tuple[int, int]]:
    """Return where subject words of `question` stand in `text`: half-open offsets, in order, touching ones merged."""
    from hxd_desktop.engine.text.words import term_spans

    wanted = _subject_terms(question)
    spans: list[tuple[int, int]] = []
    for _, start, end in sorted((s for s in term_spans(text) if s[0] in wanted), key=lambda span: span[1:]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


@lru_cache(maxsize=16)
def _subject_terms(question: str) -> frozenset[str]:
    """Terms of a question without its words of asking and grammar; all of its terms where nothing else is left."""
    from hxd_desktop.engine.answering.lexicon import FUNCTION_EN, FUNCTION_ZH
    from hxd_desktop.engine.text.folding import fold
    from hxd_desktop.engine.text.words import query_terms

    subject = fold(question)
    # Single characters stay: they are parts of other words too often.
    for word in sorted((word for word in FUNCTION_ZH if len(word) > 1), key=len, reverse=True):
        subject = subject.replace(word, " ")
    grammar = set(query_terms(" ".join(FUNCTION_EN)))
    return frozenset(query_terms(subject)) - grammar or frozenset(query_terms(question))
