"""What a library's card says, as plain values. Knows no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library.model import FolderInfo, FolderState, LibraryInfo
from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import plural, t


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress bar: `fraction` from 0 to 1, None while the end is not known yet; `text` stands below it."""

    fraction: float | None
    text: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A card: `indexed` in words; `waiting`, `failed` and `other` are "" where there are none."""

    name: str
    indexed: str
    waiting: str
    failed: str
    other: str
    progress: Progress | None
    paused: bool
    folders: tuple[FolderInfo, ...]


def summarise(library: LibraryInfo, progress: IndexProgress | None) -> Summary:
    """Put a library's counts and what is being done into words."""
    counts = library.counts
    queued, failed = counts.get(DocumentState.QUEUED, 0), counts.get(DocumentState.FAILED, 0)
    return Summary(
        name=library.name,
        indexed=plural(library.documents, "{n} document", "{n} documents"),
        waiting=plural(queued, "{n} queued", "{n} queued") if queued else "",
        failed=plural(failed, "{n} failed", "{n} failed") if failed else "",
        other=_other(counts),
        progress=_progress(library, progress),
        paused=library.paused,
        folders=library.folders,
    )


def _other(counts: dict[DocumentState, int]) -> str:
    ocr, empty = counts.get(DocumentState.NEEDS_OCR, 0), counts.get(DocumentState.EMPTY, 0)
    skipped = counts.get(DocumentState.SKIPPED, 0)
    parts = []
    if ocr:
        parts.append(plural(ocr, "{n} scan without text", "{n} scans without text"))
    if empty:
        parts.append(plural(empty, "{n} empty", "{n} empty"))
    if skipped:
        parts.append(plural(skipped, "{n} skipped", "{n} skipped"))
    return " · ".join(parts)


def _progress(library: LibraryInfo, progress: IndexProgress | None) -> Progress | None:
    if library.paused or (progress is not None and progress.phase is Phase.PAUSED):
        return Progress(_fraction(progress) if progress is not None else 0.0, t("Paused"), paused=True)
    if progress is None or progress.phase is Phase.IDLE:
        return None
    if progress.phase is Phase.SCANNING:
        return Progress(None, plural(progress.files_total, "Looking at the files: {n}", "Looking at the files: {n}"))
    return Progress(_fraction(progress), _reading(progress))


def _fraction(progress: IndexProgress) -> float | None:
    if progress.phase is Phase.VECTORS:
        done, total = progress.chunks_done, progress.chunks_total
    elif progress.phase is Phase.SCANS:
        done, total = progress.pages_done, progress.pages_total
    else:
        done, total = progress.bytes_done, progress.bytes_total
    return min(1.0, done / total) if total else None


def _reading(progress: IndexProgress) -> str:
    fraction = _fraction(progress)
    parts = [t("{percent} %", percent=formats.count(int(fraction * 100)))] if fraction is not None else []
    if progress.phase is Phase.VECTORS:
        parts.append(t("comparing by meaning"))
    elif progress.phase is Phase.SCANS:
        page = formats.count(min(progress.pages_done + 1, progress.pages_total))
        parts.append(t("reading scan page {page} of {total}", page=page, total=formats.count(progress.pages_total)))
    elif progress.rate_bytes_per_s > 0:
        parts.append(t("{size}/s", size=formats.size(progress.rate_bytes_per_s)))
    if progress.seconds_left is not None:
        parts.append(formats.time_left(progress.seconds_left))
    return " · ".join(parts)


def folder_note(folder: FolderInfo) -> str:
    """What is to be known about a folder beside its path; "" for one that is watched as usual."""
    if folder.state is FolderState.OFFLINE:
        return t("Not reachable: its index is kept. Connect its drive, or say where it is now.")
    if folder.state is FolderState.POLLING:
        return t("Checked now and then: the system cannot watch it")
    return ""


def activity(libraries: list[LibraryInfo], progress: dict[str, IndexProgress]) -> str:
    """The status bar's line: what is being indexed, else what is indexed."""
    for library in libraries:
        now = progress.get(library.name)
        shown = _progress(library, now)
        if now is not None and shown is not None and not shown.paused:
            parts = [t("Indexing {name}", name=library.name)]
            if now.phase is Phase.WORDS:
                done, total = formats.count(now.files_done), formats.count(now.files_total)
                parts.append(t("{done} of {total} files", done=done, total=total))
            return " · ".join((*parts, shown.text))
    documents = sum(library.documents for library in libraries)
    indexed = plural(documents, "{n} document indexed", "{n} documents indexed")
    if len(libraries) < 2:
        return indexed
    return f"{indexed} · {plural(len(libraries), '{n} library', '{n} libraries')}"


def removal_cost(library: LibraryInfo, n_examples: int) -> str:
    """What removing a library costs, for the question before it."""
    lines = [_index_cost(library.documents, library.chunks)]
    if n_examples:
        lines.append(
            plural(
                n_examples, "{n} good or bad question is deleted too.", "{n} good and bad questions are deleted too."
            )
        )
    return "\n".join((*lines, t("Your files stay where they are.")))


def folder_cost(documents: int, chunks: int) -> str:
    """What removing a folder costs."""
    return f"{_index_cost(documents, chunks)}\n{t('Your files stay where they are.')}"


def reindex_cost(library: LibraryInfo) -> str:
    """What reading a library anew costs."""
    return "\n".join(
        (
            t(
                "{documents} are read again, {size} in all; what did not change keeps its vectors.",
                documents=plural(library.documents, "{n} document", "{n} documents"),
                size=formats.size(library.bytes),
            ),
            t("What is found now can be found until then."),
        )
    )


def _index_cost(documents: int, chunks: int) -> str:
    return t(
        "The index of {documents} with {passages} is deleted; adding them again reads them anew.",
        documents=plural(documents, "{n} document", "{n} documents"),
        passages=plural(chunks, "{n} passage", "{n} passages"),
    )
