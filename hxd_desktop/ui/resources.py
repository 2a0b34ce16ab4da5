"""Where the window finds its icons, translations and sample documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def assets() -> Path:
    """Folder of the files that ship with the application: inside the package, or beside it in a source tree."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def samples() -> Path:
    """Folder of the sample documents."""
    return assets() / "samples"
