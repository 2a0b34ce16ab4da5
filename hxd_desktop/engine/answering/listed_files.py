"""The files that hold what a question asks the files for, and how they are listed.

Whether the documents cover such a question is no matter of probability: the words stand in a passage or they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.context import as_passage
from hxd_desktop.engine.answering.listing import Listing, telling
from hxd_desktop.engine.answering.model import Refusal
from hxd_desktop.engine.answering.occurrences import TermFinder
from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.answering.wordings import other_forms, worded
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.words import CJK_CHARACTER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters, Source
    from hxd_desktop.engine.library.reader import LibraryReader, StoredChunk

MOST_LISTED = 30  # files that are named; the others are counted
_MOST_FORMS = 4
_LOOKED_AT = 8  # passages of a file among which the one to show is chosen
_LITERAL_LOOKED_AT = 20_000  # passages that are searched for a quoted phrase
_CITATION = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file with the passage to show for it. `passages`: how many hold it, in their text or their heading."""

    library: str
    path: str
    passages: int
    chunk: StoredChunk


@dataclass(frozen=True, slots=True)
class Holdings:
    """The files of one library that hold a subject, those with the most passages first.

    `listed`: the first `MOST_LISTED` of `n_files`. `forms`: the subject, and other names of it that counted as well.
    `missing`: words that stand in no passage of the library. `n_others`: files that hold it, but are of another kind.
    """

    library: str
    n_files: int
    listed: tuple[Listed, ...]
    forms: tuple[str, ...]
    missing: tuple[str, ...]
    n_others: int

    @property
    def certain(self) -> bool:
        """Whether this settles it. Words that stand somewhere, only never together, may be said in other words."""
        return bool(self.n_files or self.n_others or self.missing)


def holdings(reader: LibraryReader, listing: Listing, filters: Filters | None = None) -> Holdings:
    """Find every file of which a passage holds all telling words of a subject, or of another name for it.

    Args:
        reader: the library.
        listing: what is looked for.
        filters: which documents count.
    """
    question = prepare(listing.subject)
    asked = [question] if listing.literal else list(_forms(question, reader))
    allowed = reader.allowed_ids(filters) if filters is not None else None
    found = [_holding(reader, telling(form), allowed) for form in asked]
    ids = np.unique(np.concatenate(found))
    if listing.literal:
        ids = _literally(reader, listing.subject, ids)
    held_by = reader.by_document(ids.tolist())
    files = [file for file in held_by if not listing.kind.formats or file.type in listing.kind.formats]
    files.sort(key=lambda file: (-len(file.chunks), file.path))
    terms = list(dict.fromkeys(term for form in asked for term in telling(form)))
    listed = (_listed(reader, file.path, file.chunks, terms) for file in files[:MOST_LISTED])
    return Holdings(
        reader.name,
        len(files),
        tuple(item for item in listed if item is not None),
        tuple(form.text for form, held in zip(asked, found, strict=True) if len(held)),
        () if len(ids) else _missing(question, reader),
        len(held_by) - len(files),
    )


def _missing(question: Question, reader: LibraryReader) -> tuple[str, ...]:
    """The words that the library does not hold; of Chinese, whose words have no borders, all that was asked for."""
    counts = reader.document_frequencies(telling(question), 1)
    gone = [term for term in question.terms if counts.get(term.term) == 0]
    if any(CJK_CHARACTER.match(term.term) for term in gone):
        return (question.text,)
    return tuple(question.text[term.start : term.end] for term in gone)


def _forms(question: Question, reader: LibraryReader) -> Iterator[Question]:
    yield question
    for form in other_forms(question, [reader])[: _MOST_FORMS - 1]:
        yield worded(question, form)


def _holding(reader: LibraryReader, terms: Sequence[str], allowed: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """The ids of the chunks that hold all of `terms`."""
    if not terms:
        return np.empty(0, dtype=np.int64)
    every = max(reader.stats().n_chunks, 1)
    # The rarest first: one that stands nowhere ends the search.
    counts = reader.document_frequencies(terms, every)
    ids = allowed
    for term in sorted(terms, key=counts.__getitem__):
        held, _ = reader.postings([term], every)[term]
        ids = held if ids is None else np.intersect1d(ids, held, assume_unique=True)
        if not len(ids):
            break
    return np.asarray(ids, dtype=np.int64)


def _literally(reader: LibraryReader, phrase: str, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the chunks that hold a phrase as it is, but for case, accents, width and runs of white space."""
    wanted = " ".join(fold(phrase).split())
    chunks = _in_batches(reader, ids.tolist()[:_LITERAL_LOOKED_AT])
    held = [c.id for c in chunks if wanted in " ".join(fold(f"{c.heading} {c.text}").split())]
    return np.array(sorted(held), dtype=np.int64)


def _in_batches(reader: LibraryReader, ids: Sequence[int], size: int = 500) -> Iterator[StoredChunk]:
    for start in range(0, len(ids), size):
        yield from reader.chunks(ids[start : start + size]).values()


def _listed(reader: LibraryReader, path: str, ids: Sequence[int], terms: Sequence[str]) -> Listed | None:
    """The file with the passage that holds the subject most often; the earliest of equals."""
    chunks = sorted(reader.chunks(ids[:_LOOKED_AT]).values(), key=lambda chunk: chunk.ordinal)
    if not chunks:
        return None  # gone meanwhile
    counts = TermFinder(terms).find_all([chunk.text for chunk in chunks]).counts(len(terms))
    best = int(np.lexsort((-counts.sum(axis=1), -np.count_nonzero(counts, axis=1)))[0])
    return Listed(reader.name, path, len(ids), chunks[best])


def merged(found: Iterable[Holdings]) -> tuple[Listed, ...]:
    """The files of all libraries in one list, those with the most passages first."""
    files = [item for holding in found for item in holding.listed]
    return tuple(sorted(files, key=lambda item: (-item.passages, item.path))[:MOST_LISTED])


def sources(listed: Sequence[Listed]) -> list[Source]:
    """The passages to show for files, as numbered evidence."""
    return [as_passage(item.chunk, item.library, n, {"coverage": 1.0}) for n, item in enumerate(listed, 1)]


def written(listing: Listing, listed: Sequence[Listed], n_files: int, language: str, *, growing: bool) -> str:
    """Return the list in words, a line a file, each with its citation.

    Args:
        listing: what was asked for.
        listed: the files, in the order of their sources' numbers from 1.
        n_files: how many there are in all.
        language: "zh" or "en".
        growing: whether documents are still being indexed.
    """
    chinese, subject, kind = language == "zh", listing.subject, listing.kind
    english = f"1 {kind.one} mentions “{subject}”:" if n_files == 1 else f"{n_files} {kind.many} mention “{subject}”:"
    lines = [f"有 {n_files} {kind.chinese}提到“{subject}”：" if chinese else english]
    lines += [f"{name} [{n}]" for n, name in enumerate(_names([item.path for item in listed]), 1)]
    if n_files > len(listed):
        rest = n_files - len(listed)
        others = f"{rest} more {kind.one if rest == 1 else kind.many}."
        lines.append(f"另有 {rest} {kind.chinese}。" if chinese else others)
    if growing:
        more = "Documents are still being indexed: there may be more."
        lines.append("文档还在索引中，可能还有更多。" if chinese else more)
    return "\n".join(lines)


def _names(paths: Sequence[str]) -> list[str]:
    """Names of files, with their folder where two are called the same; without line breaks and forged citations."""
    parts = [PurePath(path) for path in paths]
    called = [part.name for part in parts]
    names = [f"{part.parent.name}/{part.name}" if called.count(part.name) > 1 else part.name for part in parts]
    return [_CITATION.sub(r"(\1)", " ".join(name.split())) for name in names]


def change(listing: Listing, found: Sequence[Holdings]) -> dict[str, Any]:
    """Return what would turn "none" into a list, in the form of `reasons.why`."""
    if any(holding.n_others for holding in found):
        return {"do": "any_kind"}
    return {"do": "add_document", "words": list(found[0].missing) or [listing.subject]}


def reading_of(listing: Listing, holding: Holdings, threshold: float, language: str) -> Refusal:
    """Return what is certain instead of probable: whether a library holds anything of what is asked for."""
    score = float(not holding.n_files)
    reason = unmentioned(listing, holding, language) if score else None
    margin = round(abs(score - threshold), 4)
    return Refusal(score, threshold, margin, reason, library=holding.library, missing_terms=holding.missing)


def unmentioned(listing: Listing, holding: Holdings, language: str) -> str:
    """Return why there is nothing to list, and what would change it."""
    subject, kind, others = listing.subject, listing.kind, holding.n_others
    if language == "zh":
        if others:
            return f"没有一{kind.chinese}提到“{subject}”；提到它的是 {others} 个别的文件。不限文件种类再问一次。"
        missing = f"没有出现“{'”、“'.join(holding.missing)}”" if holding.missing else "没有原样出现这个说法"
        return f"没有一{kind.chinese}提到“{subject}”：文档中{missing}。添加提到它的文档，或换用文档里的说法再问。"
    opening = f"No {kind.one} mentions “{subject}”"
    if others:
        return f"{opening}; {others} other {'file does' if others == 1 else 'files do'}. Ask for files of any kind."
    words = "”, “".join(holding.missing)
    why = f"no document holds “{words}”" if holding.missing else "no passage holds it as it is quoted"
    return f"{opening}: {why}. Add a document that mentions it, or ask in the documents' own words."
