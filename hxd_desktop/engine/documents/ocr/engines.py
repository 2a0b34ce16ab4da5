"""Which engine there is to read scans with: the package RapidOCR or the program Tesseract. Nothing heavy is loaded."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# As its wheel carries them; one without would fetch them from a hub, which nothing here may do.
DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"

INSTALL = "Run python3 bootstrap.py ocr, or install Tesseract."
_TESSERACT_LANGUAGES = ("chi_sim", "chi_tra", "eng")
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class OcrEngine:
    """An engine that is installed. `languages`: as Tesseract calls them; RapidOCR knows Chinese and English."""

    name: str
    version: str
    languages: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What its readings are kept under."""
        return " ".join(filter(None, (self.name, self.version, "+".join(self.languages))))


def find_engine(choice: str = "auto") -> OcrEngine | None:
    """Return the engine called `choice`, or with "auto" the best that is there; None for none."""
    if choice in ("auto", "rapidocr") and (engine := _rapidocr()) is not None:
        return engine
    return _tesseract() if choice in ("auto", "tesseract") else None


def model_folder() -> Path | None:
    """Return where RapidOCR's models are, or None where the package or a model is missing."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "models"
    return folder if all((folder / name).is_file() for name in (DETECTION, RECOGNITION)) else None


def _rapidocr() -> OcrEngine | None:
    if model_folder() is None:
        return None
    return OcrEngine("rapidocr", importlib.metadata.version("rapidocr"))


def _tesseract() -> OcrEngine | None:
    program = shutil.which("tesseract")
    return None if program is None else _ask_tesseract(program)


@functools.cache
def _ask_tesseract(program: str) -> OcrEngine | None:
    try:
        told = [
            subprocess.run([program, option], capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
            for option in ("--version", "--list-langs")
        ]
    except (OSError, subprocess.SubprocessError):
        return None
    version = told[0].split("\n", 1)[0].removeprefix("tesseract").strip()
    known = set(told[1].split())
    languages = tuple(language for language in _TESSERACT_LANGUAGES if language in known)
    return OcrEngine("tesseract", version, languages) if languages else None
