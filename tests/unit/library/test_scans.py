"""Scans read step by step: what is read when, what is kept, what is not tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.engines import OcrEngine
from hxd_desktop.engine.documents.ocr.model import ScanLine, pack_places
from hxd_desktop.engine.documents.parse import describe
from hxd_desktop.engine.documents.pdf import parse_pdf
from hxd_desktop.engine.events import EventBus, IndexProgress, Phase
from hxd_desktop.engine.library import catalog, documents, scans
from hxd_desktop.engine.library.scans import ScanReader
from hxd_desktop.engine.settings import ChunkSettings, DocumentSettings, Settings
from hxd_desktop.engine.workers.process import WorkerDied
from tests.support.library import Workbench
from tests.unit.documents.test_scanned import mixed

LINE = ["The warranty is three years.", 0.9, 0.1, 0.1, 0.9, 0.12, 0.1, 0.9, 0.1, 0.12, 0, False]


class FakeWorker:
    """Reads the same line off every page; `death` ends it at that page, `answer` replaces its last reply."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.pages_read: list[int] = []
        self.death: tuple[int, str] | None = None
        self.answer: dict[str, Any] | None = None

    def stream(self, job: dict[str, Any], **limits: Any) -> Iterator[dict[str, Any]]:
        self.jobs.append(job)
        data = Path(job["path"]).read_bytes()
        for page in parse_pdf(data).scan_pages:
            if page in job["known"]:
                continue
            if self.death is not None and page == self.death[0]:
                raise WorkerDied(self.death[1])
            self.pages_read.append(page)
            yield {"page": page, "lines": [LINE]}
        if self.answer is not None:
            yield self.answer
            return
        read = {page: [ScanLine.of(LINE)] for page in parse_pdf(data).scan_pages}
        reply: dict[str, Any] = {"state": "", "reason": "", "hash": job["hash"], "type": "pdf"}
        describe(reply, parse_pdf(data, read), "a.pdf", ChunkSettings())
        yield {**reply, "ocr": {"confidence": 0.9, "places": pack_places([])}}

    def kill(self) -> None:
        pass

    def close(self) -> None:
        pass


class Desk:
    """A library with one folder, and a reader of scans with a fake worker."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "docs"
        self.root.mkdir()
        self.bench = Workbench(folder / "data")
        self.engine: OcrEngine | None = OcrEngine("rapidocr", "1")
        monkeypatch.setattr(scans, "find_engine", lambda choice: self.engine)
        self.events = EventBus()
        self.progress: list[IndexProgress] = []
        self.events.subscribe(lambda e: self.progress.append(e) if isinstance(e, IndexProgress) else None)
        self.reader = self.make(Settings())
        self.folder = self.bench.add(self.root)

    def make(self, settings: Settings) -> ScanReader:
        reader = ScanReader(self.bench.database, settings, self.events)
        self.worker = FakeWorker()
        reader._worker = self.worker  # type: ignore[assignment]
        return reader

    def scan(self, name: str = "a.pdf", pages: int = 2, written: int = 0) -> Path:
        path = self.root / name
        path.write_bytes(mixed(pages, written))
        self.bench.scan()
        return path

    def read_all(self) -> int:
        """Do what the service does after a look at the folders."""
        self.reader.begin()
        self.reader.settle([self.folder.id])
        steps = 0
        while self.reader.step(()):
            steps += 1
        return steps

    def state(self, path: Path) -> tuple[DocumentState, str | None]:
        found = self.bench.documents()[str(path)]
        return found.state, found.reason

    def kept(self) -> int:
        return int(self.bench.one("SELECT count(*) FROM scans"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(tmp_path, monkeypatch)
    yield made
    made.reader.close()
    made.bench.close()


def test_a_scan_becomes_text_and_tells_its_pages(desk: Desk) -> None:
    path = desk.scan()
    assert desk.state(path)[0] is DocumentState.NEEDS_OCR
    assert desk.read_all() == 3
    assert desk.state(path) == (DocumentState.INDEXED, None)
    assert desk.bench.found("warranty") == {"a.pdf"}
    assert [(p.pages_done, p.pages_total) for p in desk.progress if p.phase is Phase.SCANS] == [(0, 2), (1, 2), (2, 2)]
    assert desk.reader.indexed == {"default": 1}
    found = desk.bench.documents()[str(path)]
    assert (found.ocr_engine, found.ocr_confidence) == ("rapidocr 1", 0.9)
    assert desk.read_all() == 0
    desk.bench.assert_consistent()


def test_the_pages_of_a_mixed_document_join_its_text(desk: Desk) -> None:
    path = desk.scan(pages=1, written=3)
    assert desk.state(path) == (DocumentState.INDEXED, "1 of its pages is an image without text, not read.")
    desk.read_all()
    assert desk.worker.pages_read == [4]
    assert desk.bench.text(path).endswith(LINE[0])
    assert desk.reader.indexed == {}  # it was a document before


def test_what_was_read_is_not_read_again_for_a_copy_a_move_or_another_library(desk: Desk) -> None:
    path = desk.scan()
    desk.read_all()
    path.rename(desk.root / "b.pdf")
    (desk.root / "copy.pdf").write_bytes((desk.root / "b.pdf").read_bytes())
    desk.bench.scan()
    desk.bench.add(desk.root, "other")
    desk.bench.scan("other")
    desk.read_all()
    assert desk.worker.pages_read == [1, 2]
    assert {desk.state(desk.root / name)[0] for name in ("b.pdf", "copy.pdf")} == {DocumentState.INDEXED}
    assert desk.bench.documents("other")[str(desk.root / "b.pdf")].ocr_confidence == 0.9


def test_reading_goes_on_at_the_page_where_it_was_stopped(desk: Desk) -> None:
    desk.scan(pages=3)
    desk.reader.step(())
    desk.reader.close()
    desk.reader = desk.make(Settings())
    desk.read_all()
    assert desk.worker.pages_read == [2, 3]


def test_removing_the_last_copy_leaves_nothing(desk: Desk) -> None:
    path = desk.scan()
    desk.read_all()
    desk.bench.add(desk.root, "other")
    desk.bench.scan("other")
    path.unlink()
    desk.bench.scan()
    desk.reader.settle([])
    assert desk.kept() == 2  # the other library holds it still
    desk.bench.database.write(lambda c: catalog.remove_library(c, "other"))
    assert desk.kept() == 0


@pytest.mark.parametrize("change", ["folder", "content"])
def test_a_removed_folder_or_another_content_takes_the_pages_along(desk: Desk, change: str) -> None:
    path = desk.scan()
    desk.read_all()
    if change == "folder":
        desk.bench.database.write(lambda c: catalog.remove_folder(c, desk.folder.id))
    else:
        path.write_bytes(mixed(0, 1))
        desk.bench.scan()
        desk.reader.settle([])
    assert desk.kept() == 0


@pytest.mark.parametrize("reason", ["timeout", "memory", "crashed"])
def test_a_scan_that_its_engine_dies_of_waits_for_another_engine(desk: Desk, reason: str) -> None:
    path = desk.scan()
    desk.worker.death = (2, reason)
    desk.read_all()
    state, told = desk.state(path)
    assert state is DocumentState.NEEDS_OCR and told is not None and told.startswith("rapidocr 1 ")
    assert desk.read_all() == 0
    desk.engine, desk.worker.death = OcrEngine("rapidocr", "2"), None
    desk.read_all()
    assert desk.state(path)[0] is DocumentState.INDEXED


def test_a_retry_by_hand_tries_the_same_engine_again(desk: Desk) -> None:
    path = desk.scan()
    desk.worker.death = (2, "timeout")
    desk.read_all()
    desk.worker.death = None
    desk.bench.database.write(lambda c: documents.mark_for_retry(c, "default", [str(path)]))
    desk.bench.scan()
    desk.read_all()
    assert desk.state(path)[0] is DocumentState.INDEXED
    assert desk.worker.pages_read == [1, 2]


def test_a_file_that_changes_under_way_waits_for_the_next_scan(desk: Desk) -> None:
    path = desk.scan()
    desk.worker.answer = {"state": "changed", "reason": ""}
    desk.read_all()
    assert desk.state(path)[0] is DocumentState.NEEDS_OCR
    desk.worker.answer = None
    assert desk.reader.step(()) is False  # not before somebody looks again
    desk.read_all()
    assert desk.state(path)[0] is DocumentState.INDEXED


def test_a_page_that_somebody_stopped_is_no_failure(desk: Desk) -> None:
    path = desk.scan()
    desk.worker.death = (2, "killed")
    assert desk.read_all() == 2
    assert desk.state(path)[0] is DocumentState.NEEDS_OCR and desk.bench.documents()[str(path)].ocr_engine is None
    desk.worker.death = None
    desk.read_all()
    assert desk.state(path)[0] is DocumentState.INDEXED and desk.worker.pages_read == [1, 2]


@pytest.mark.parametrize("off", ["folder", "settings", "paused", "no engine"])
def test_what_is_not_to_be_read_is_not(desk: Desk, off: str) -> None:
    path = desk.scan()
    paused: tuple[str, ...] = ()
    if off == "folder":
        desk.bench.database.write(lambda c: catalog.set_ocr(c, desk.folder.id, False))
    elif off == "settings":
        desk.reader = desk.make(Settings(documents=DocumentSettings(ocr="off")))
    elif off == "paused":
        paused = ("default",)
    else:
        desk.engine = None
    assert desk.reader.step(paused) is False
    desk.reader.settle([desk.folder.id])
    hints: dict[str, Callable[[str], bool]] = {
        "folder": lambda told: "--ocr" in told,
        "settings": lambda told: "documents.ocr" in told,
        "paused": lambda told: told == "Its pages are images without text.",
        "no engine": lambda told: "bootstrap.py ocr" in told,
    }
    assert hints[off](desk.state(path)[1] or "")


def test_a_folder_switched_off_under_way_is_left_at_once(desk: Desk) -> None:
    path = desk.scan(pages=3)
    desk.reader.step(())
    desk.bench.database.write(lambda c: catalog.set_ocr(c, desk.folder.id, False))
    assert desk.reader.step(()) is False
    assert desk.worker.pages_read == [1]
    assert desk.state(path)[0] is DocumentState.NEEDS_OCR


def test_a_document_removed_while_it_is_read_does_not_come_back(desk: Desk) -> None:
    path = desk.scan()
    desk.reader.step(())
    path.unlink()
    desk.bench.scan()
    desk.read_all()
    assert desk.bench.documents() == {} and desk.kept() == 0
