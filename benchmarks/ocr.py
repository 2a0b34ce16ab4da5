"""How well and how fast scans are read: character errors on pages that are straight, turned, askew, noisy or coarse.

    .venv/bin/python benchmarks/ocr.py [--engine rapidocr|tesseract] [--pages N]

The pages are those of the sample manual (Chinese and English), and pages set from the project's own documentation, a
Chinese and an English set. Errors are the edit distance between what was read and what the page says,
spaces aside, as a share of the latter; order counts: a column read too early is an error.
"""

from __future__ import annotations

import argparse
import html
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pymupdf  # noqa: TID253

from hxd_desktop.engine.documents.ocr.engines import find_engine
from hxd_desktop.engine.documents.ocr.model import confidence
from hxd_desktop.engine.samples import documents

ROOT = Path(__file__).resolve().parent.parent
DPI = 200
STYLE = "body { font-family: sans-serif; font-size: 10.5pt; line-height: 1.4; }"
TEXTS = {"zh": [ROOT / "README.zh.md"], "en": [ROOT / "docs" / "architecture.md", ROOT / "docs" / "models.md"]}


def set_pages(texts: list[Path], count: int) -> list[Any]:
    """Set paragraphs of texts as pages."""
    paragraphs = [part for path in texts for part in path.read_text("utf-8").split("\n\n") if part[:1] not in "|`[ #"]
    story = pymupdf.Story("".join(f"<p>{html.escape(part)}</p>" for part in paragraphs), user_css=STYLE)
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    paper = pymupdf.paper_rect("a4")
    more = 1
    while more:
        device = writer.begin_page(paper)
        more, _ = story.place((56, 56, paper.x1 - 56, paper.y1 - 56))
        story.draw(device)
        writer.end_page()
    writer.close()
    return list(pymupdf.open("pdf", buffer.getvalue()))[:count]


def pixels(page: Any, dpi: int = DPI) -> np.ndarray:
    found = page.get_pixmap(dpi=dpi, alpha=False)
    return np.frombuffer(found.samples, np.uint8).reshape(found.height, found.width, 3)


def askew(degrees: float) -> Callable[[np.ndarray], np.ndarray]:
    def turn(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255))

    return turn


def noisy(image: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 30, image.shape)
    return np.clip(cv2.GaussianBlur(image, (3, 3), 0) * 0.8 + 30 + noise, 0, 255).astype(np.uint8)


def coarse(image: np.ndarray) -> np.ndarray:
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 40])
    return cv2.resize(cv2.imdecode(packed, cv2.IMREAD_COLOR), (image.shape[1], image.shape[0]))


CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "straight": lambda image: image,
    "turned by 90": np.rot90,
    "turned by 180": lambda image: np.rot90(image, 2),
    "turned by 270": lambda image: np.rot90(image, 3),
    "askew by 2": askew(2),
    "askew by 5": askew(5),
    "blurred, grey, noisy": noisy,
    "100 dpi, JPEG": coarse,
}


def errors(read: str, said: str) -> float:
    """Return the edit distance as a share of `said`, spaces aside."""
    one, other = ("".join(text.split()) for text in (read, said))
    row = np.arange(len(other) + 1)
    letters = np.array([ord(c) for c in other])
    for index, letter in enumerate(one, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        full = np.concatenate(([index], best))
        # What is left of a cell may be nearer by one insertion each.
        row = np.minimum.accumulate(full - np.arange(len(full))) + np.arange(len(full))
    return float(row[-1]) / max(len(other), 1)


def load(name: str) -> Any:
    if name == "rapidocr":
        from hxd_desktop.engine.documents.ocr.rapid import RapidEngine

        return RapidEngine()
    from hxd_desktop.engine.documents.ocr.tesseract import TesseractEngine

    found = find_engine("tesseract")
    assert found is not None
    return TesseractEngine(found.languages, 120.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="rapidocr", choices=("rapidocr", "tesseract"))
    parser.add_argument("--pages", type=int, default=2, help="pages of each set")
    arguments = parser.parse_args()
    engine = find_engine(arguments.engine)
    if engine is None:
        raise SystemExit(f"{arguments.engine} is not installed: python3 bootstrap.py ocr")
    reader = load(arguments.engine)
    sets = {"manual": list(pymupdf.open(next(documents().rglob("*.pdf"))))[: arguments.pages]}
    sets |= {name: set_pages(texts, arguments.pages) for name, texts in TEXTS.items()}
    reader.read(pixels(sets["manual"][0], 72))  # loads the models
    print(f"{engine.id}, {arguments.pages} pages a set at {DPI} dpi: % of characters wrong; confidence; pages a minute")
    print("| page |", " | ".join(sets), "| confidence | pages a minute |")
    for change, apply in CHANGES.items():
        wrong, sure, seconds = [], [], []
        for pages in sets.values():
            shares = []
            for page in pages:
                image = np.ascontiguousarray(apply(pixels(page)))
                started = time.perf_counter()
                lines = reader.read(image)
                seconds.append(time.perf_counter() - started)
                shares.append(errors("".join(line.text for line in lines), page.get_text()))
                sure.append(confidence(lines) or 0.0)
            wrong.append(f"{100 * statistics.mean(shares):.2f}")
        rate = 60 / statistics.mean(seconds)
        print(f"| {change} |", " | ".join(wrong), f"| {statistics.mean(sure):.3f} | {rate:.0f} |", flush=True)


if __name__ == "__main__":
    main()
