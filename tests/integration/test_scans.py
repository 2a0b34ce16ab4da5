"""Scans read by the real engine: pages of our own samples, straight, turned, askew and noisy, in both languages."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from numpy.typing import NDArray

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.engines import find_engine
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.events import Event, IndexProgress, Phase
from hxd_desktop.engine.samples import documents
from hxd_desktop.engine.settings import IndexSettings, Settings
from hxd_desktop.engine.viewing import Passage

pytestmark = pytest.mark.skipif(find_engine("rapidocr") is None, reason="the extra ocr is not installed")

DPI = 130


def manual() -> Any:
    return pymupdf.open(next(documents().rglob("*.pdf")))


def stretch(page: Any) -> tuple[NDArray[np.uint8], str]:
    """Return the upper third of a page, as pixels and as its text."""
    clip = pymupdf.Rect(page.rect.x0, page.rect.y0, page.rect.x1, page.rect.y0 + page.rect.height / 3)
    pixels = page.get_pixmap(dpi=DPI, clip=clip, alpha=False)
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3), page.get_text(clip=clip)


def askew(image: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    import cv2

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)


def noisy(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    noise = np.random.default_rng(7).normal(0, 25, image.shape)
    return np.clip(image * 0.85 + 20 + noise, 0, 255).astype(np.uint8)


def wrong(read: str, expected: str) -> float:
    """Return which share of the characters differs, spaces aside."""
    one, other = ("".join(text.split()) for text in (read, expected))
    return 1 - difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


@pytest.fixture(scope="module")
def engine() -> Any:
    from hxd_desktop.engine.documents.ocr.rapid import RapidEngine

    return RapidEngine()


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        (lambda image: image, 0.02),
        (np.rot90, 0.02),
        (lambda image: np.rot90(image, 2), 0.02),
        (lambda image: np.rot90(image, 3), 0.02),
        (lambda image: askew(image, 1.5), 0.03),
        (noisy, 0.03),
    ],
    ids=["straight", "90", "180", "270", "askew", "noisy"],
)
def test_a_page_in_both_languages_is_read_whichever_way_it_lies(engine: Any, change: Any, limit: float) -> None:
    image, expected = stretch(manual()[0])
    lines = engine.read(np.ascontiguousarray(change(image)))
    assert wrong("".join(line.text for line in lines), expected) <= limit
    assert all(0 <= line.left < line.right <= 1 and 0 <= line.top < line.bottom <= 1 for line in lines)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    Settings(index=IndexSettings(workers=1)).save(tmp_path / "data" / "settings.toml")
    opened = Assistant.open(tmp_path / "data")
    yield opened
    opened.close()


def test_a_scanned_page_answers_with_its_page_its_place_and_its_confidence(
    tmp_path: Path, assistant: Assistant
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "Some words that the first page has of its own, about the canteen.")
    source = manual()[2]
    clip = pymupdf.Rect(0, source.rect.height * 0.28, source.rect.width, source.rect.height * 0.52)
    page = document.new_page(width=clip.width, height=clip.height)
    page.insert_image(page.rect, pixmap=source.get_pixmap(dpi=DPI, clip=clip))
    document.save(folder / "mixed.pdf")
    told: list[Event] = []
    assistant.events.subscribe(told.append)

    assistant.add_folder(folder, ocr=False)
    report = assistant.index()
    assert (report.documents["indexed"], report.documents["needs_ocr"]) == (1, 0)
    assert "not read" in (assistant.documents("default")[0].reason or "")
    assert not [e for e in told if isinstance(e, IndexProgress) and e.phase is Phase.SCANS]

    assistant.add_folder(folder, ocr=True)
    assistant.index()
    (found,) = assistant.documents("default", state=DocumentState.INDEXED)
    assert found.reason is None and found.ocr_confidence is not None and found.ocr_confidence > 0.9
    assert [e.pages_total for e in told if isinstance(e, IndexProgress) and e.phase is Phase.SCANS]
    best = assistant.search("整机保修三年，电池保修十八个月")[0]
    assert best.scores["ocr"] == pytest.approx(found.ocr_confidence, abs=1e-3)
    text = assistant.document_text("default", found.path)
    start = text.index("整机保修三年")
    places = assistant.places("default", found.path, start, start + 6)
    assert [place.page for place in places] == [2] and "整机保修三年" in text[places[0].start : places[0].end]
    assert places[0].right - places[0].left > 0.5 and places[0].bottom - places[0].top < 0.2
    shown = assistant.viewer.view(Passage("default", found.path, start, start + 6, page=2), width=300)
    assert shown.picture is not None and shown.number == 2
    assert shown.boxes == ((places[0].left, places[0].top, places[0].right, places[0].bottom),)


def test_a_stop_ends_the_page_under_way(tmp_path: Path, assistant: Assistant) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    manual()[0].get_pixmap(dpi=DPI).save(folder / "page.png")
    cancel = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, IndexProgress) and event.phase is Phase.SCANS:
            cancel.cancel()

    assistant.events.subscribe(stop)
    assistant.add_folder(folder)
    with pytest.raises(Cancelled):
        assistant.index(cancel=cancel)
    (found,) = assistant.documents("default")
    assert (found.state, found.ocr_engine) == (DocumentState.NEEDS_OCR, None)
