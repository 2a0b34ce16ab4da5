"""Draws the application's icon in the sizes that desktops, Windows and macOS ask for: `icons.py FOLDER`."""

import os
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "assets" / "icons" / "hxd.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def main(folder: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(str(SOURCE))
    if not renderer.isValid():
        raise SystemExit(f"{SOURCE} cannot be drawn")
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    largest = Image.open(folder / "512.png")
    largest.save(folder / "hxd.ico", sizes=[(size, size) for size in SIZES if size <= 256])
    largest.save(folder / "hxd.icns")
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]))
