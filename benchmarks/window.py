"""How long the coverage table takes with a large library: opened, sorted, filtered, scrolled. Prints Markdown.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window [--documents 70000] [--runs 5]

The library is made up: rows in the database without files, which is all that the table reads. A time is from the wish
to the table painted with the rows that can be seen; beside it stands the longest that the window did not answer.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import machine, median

_COLUMNS = ("File", "State", "Reason", "Passages", "Size", "Read as", "Time", "Changed", "Folder")


def make_library(data_dir: Path, documents: int) -> None:
    """Fill the default library with rows such as a scan leaves."""
    from hxd_desktop.engine.assistant import Assistant

    chance = random.Random(7)
    assistant = Assistant.open(data_dir)
    root = data_dir / "documents"
    root.mkdir()
    folder = assistant.add_folder(root)
    states = ["indexed"] * 93 + ["failed"] * 3 + ["skipped"] * 2 + ["empty", "needs_ocr"]
    kinds = [("markdown", "markdown"), ("pdf", "pymupdf"), ("docx", "word"), ("text", "plain"), ("html", "html")]

    def rows() -> list[tuple[object, ...]]:
        made: list[tuple[object, ...]] = []
        for number in range(documents):
            state, (kind, parser) = chance.choice(states), chance.choice(kinds)
            name = f"{chance.choice(('report', 'minutes', '会议纪要', 'invoice', '合同'))}-{number:06}.{kind}"
            path = root / f"year-{2000 + number % 25}" / f"part-{number % 311:03}" / name
            made.append(
                (
                    1, folder.id, str(path), state, "The file is locked." if state == "failed" else None,
                    chance.randrange(200, 9_000_000), (1_500_000_000 + chance.randrange(200_000_000)) * 10**9, kind,
                    parser, "zh" if number % 2 else "en", chance.randrange(1, 90), chance.random() * 80,
                    1_700_000_000 + number,
                )
            )  # fmt: skip
        return made

    assistant._database.write(
        lambda connection: connection.executemany(
            "INSERT INTO documents (library_id, folder_id, path, state, reason, size_bytes, mtime_ns, type, parser,"
            " language, chunks, parse_ms, indexed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows(),
        )
    )
    assistant.close()


class Bench:
    """The window on the made-up library."""

    def __init__(self, data_dir: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from hxd_desktop.engine.assistant import Assistant
        from hxd_desktop.ui.i18n import Language
        from hxd_desktop.ui.main_window import MainWindow
        from hxd_desktop.ui.services import make_services
        from hxd_desktop.ui.theme import Theme

        self.app = QApplication([])
        self.theme, self.language = Theme(self.app, "light"), Language()
        self.language.use("en")
        self.assistant = Assistant.open(data_dir)
        self.services = make_services(self.theme, self.language, data_dir)
        self.window = MainWindow(self.services)
        self.window.show()
        self.services.bridge.adopt(self.assistant)
        self.until(lambda: self.services.bridge.idle)
        self.longest = 0.0

    def until(self, ready: Callable[[], bool]) -> None:
        """Run the event loop until `ready`, and note the longest turn."""
        self.longest = 0.0
        deadline = time.monotonic() + 60
        while not ready():
            began = time.perf_counter()
            self.app.processEvents()
            self.longest = max(self.longest, (time.perf_counter() - began) * 1000)
            if time.monotonic() > deadline:
                raise TimeoutError

    def shown(self, dialog: object) -> bool:
        """Whether the rows that can be seen are known and nothing is under way."""
        table, session = dialog.table, dialog.session  # type: ignore[attr-defined]
        if session.busy or not self.services.bridge.idle or not session.model.rowCount():
            return False
        top, bottom = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
        last = bottom if bottom >= 0 else session.model.rowCount() - 1
        return all(session.model.document(row) is not None for row in (top, last))

    def timed(self, wish: Callable[[], object], dialog: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds from a wish to the table painted, and the longest turn of the event loop."""
        began = time.perf_counter()
        wish()
        first = (time.perf_counter() - began) * 1000
        self.until(lambda: self.shown(dialog()))
        dialog().table.viewport().repaint()  # type: ignore[attr-defined]
        return (time.perf_counter() - began) * 1000, max(first, self.longest)

    def close(self) -> None:
        self.services.bridge.close()
        self.window.hide()
        self.window.deleteLater()
        self.app.processEvents()
        self.assistant.close()


def measure(bench: Bench, runs: int) -> list[tuple[str, list[tuple[float, float]]]]:
    """What was done, and for each run the time and the longest turn."""
    from PySide6.QtCore import Qt

    from hxd_desktop.engine.documents.model import DocumentState
    from hxd_desktop.ui.library.files_dialog import FilesDialog

    opened: list[FilesDialog] = []

    def current() -> FilesDialog:
        return opened[-1]

    def open_dialog() -> None:
        dialog = bench.window.dialogs.files("default")
        assert isinstance(dialog, FilesDialog)
        opened.append(dialog)

    found: list[tuple[str, list[tuple[float, float]]]] = []
    times = []
    for _ in range(runs):
        times.append(bench.timed(open_dialog, current))
        if len(opened) < runs:
            current().close()
    found.append(("open", times))
    for column, name in enumerate(_COLUMNS):
        times = []
        for turn in range(runs):
            order = Qt.SortOrder.DescendingOrder if turn % 2 == 0 else Qt.SortOrder.AscendingOrder
            times.append(bench.timed(lambda o=order, c=column: current().table.sortByColumn(c, o), current))
        found.append((f"sort by {name}", times))
    for name, state in (("failed only", DocumentState.FAILED), ("all states", None)):
        index = current().states.findData(state)
        found.append((name, [bench.timed(lambda i=index: current().states.setCurrentIndex(i), current)]))
    for text in ("invoice", "合同", "part-007", "locked"):
        current().search.setText("")
        bench.until(lambda: bench.shown(current()))

        def look_for(text: str = text) -> None:
            current().search.setText(text)
            current().session.load()  # without the pause that waits for more letters

        found.append((f"filter by “{text}”", [bench.timed(look_for, current)]))
    current().search.setText("")
    bench.until(lambda: not current().session._typing.isActive() and bench.shown(current()))
    bar = current().table.verticalScrollBar()
    found.append(("scroll to the end", [bench.timed(lambda: bar.setValue(bar.maximum()), current)]))
    current().close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=70_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="hxd-window-") as folder:
        data_dir = Path(folder, "data")
        make_library(data_dir, chosen.documents)
        bench = Bench(data_dir)
        try:
            found = measure(bench, chosen.runs)
        finally:
            bench.close()
    print(f"Coverage table of {chosen.documents:,} files. {machine()}\n")
    print("| | median ms | most ms | longest the window did not answer, ms |")
    print("|---|---|---|---|")
    for name, times in found:
        total = [ms for ms, _ in times]
        print(f"| {name} | {median(total):.0f} | {max(total):.0f} | {max(turn for _, turn in times):.0f} |")


if __name__ == "__main__":
    main()
