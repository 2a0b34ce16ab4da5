"""How smooth the chat is: a long conversation opened and scrolled, typing, the UI thread under load. Prints Markdown.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window_chat [--crud ../shared/eval/crud] [--files 10000]
    xvfb-run -a env QT_QPA_PLATFORM=xcb python -m benchmarks.window_chat ...

Under load means: files are being indexed while answers of a made-up model, 100 tokens a second, go through the real
pipeline into the real window. A heartbeat on the UI thread is due every 5 ms; how much later it comes is a stall.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import machine, percentile

_BEAT_MS = 5
_TOKENS_PER_S = 100.0
_ANSWER = (
    """The **deadline** is the fifth of each month [1]. What is handed in later waits for the next run.

1. Fill in the form.
2. Attach the receipts, also of small amounts.

```python
def due(nights: int, rate: float = 98.5) -> float:
    return round(nights * rate, 2)  # in euros
```

| kind | receipt | limit |
|---|---|---|
| train | yes | none |
| hotel | yes | 98.50 |

所有票据须在每月五日之前提交 [2]。逾期的报销会随下个月一起支付。

"""
    * 2
)
_QUESTION = "新闻里说了什么？"


class SteadyGenerator:
    """Writes the same answer, a token (some characters) every hundredth of a second."""

    id = "steady"

    def info(self, cancel: object = None) -> object:  # noqa: ARG002
        from hxd_desktop.engine.models.protocols import GenerationInfo

        return GenerationInfo("steady", "cpu", context_tokens=8192)

    def count_tokens(self, text: str) -> int:
        return len(text) // 3 + 1

    def stream(self, messages: object, *, cancel: object, **_: object) -> Iterator[str]:  # noqa: ARG002
        due = time.monotonic()
        for at in range(0, len(_ANSWER), 3):
            due += 1 / _TOKENS_PER_S
            if cancel.wait(max(0.0, due - time.monotonic())):  # type: ignore[attr-defined]
                cancel.check()  # type: ignore[attr-defined]
            yield _ANSWER[at : at + 3]

    def close(self) -> None:
        pass


class Bench:
    """The window on an engine that answers by `SteadyGenerator`."""

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
        self.assistant._models._generator = SteadyGenerator()
        self.services = make_services(self.theme, self.language, data_dir)
        self.window = MainWindow(self.services)
        self.window.resize(1280, 900)
        self.window.show()
        self.services.bridge.adopt(self.assistant)
        self.until(lambda: self.services.bridge.idle)
        self.services.session._quoting = False

    def until(self, ready: Callable[[], bool], seconds: float = 600) -> float:
        """Run the event loop until `ready`; return the longest turn in milliseconds."""
        longest, deadline = 0.0, time.monotonic() + seconds
        while not ready():
            began = time.perf_counter()
            self.turn()
            longest = max(longest, (time.perf_counter() - began) * 1000)
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.0005)  # as an event loop waits: other threads get their turn
        return longest

    def turn(self) -> None:
        """One turn of the event loop; by itself `processEvents` lets nothing go that is to be deleted."""
        from PySide6.QtCore import QCoreApplication, QEvent

        self.app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def close(self) -> None:
        self.services.bridge.close()
        self.window.hide()
        self.window.deleteLater()
        self.app.processEvents()
        self.assistant.close()


def fill(bench: Bench, exchanges: int) -> int:
    """A conversation with full records; return its id."""
    from hxd_desktop.engine.answering.record import to_dict

    answer = bench.assistant.ask(_QUESTION, force=True)
    chats = bench.assistant.chats
    made = chats.create("A long one")
    for number in range(exchanges):
        text = f"{number}. {_ANSWER[: 100 + number * 37 % 700]}"
        record = to_dict(dataclasses.replace(answer, question=f"Question {number}?", answer=text))
        chats.add_exchange(made.id, f"Question {number}?", text, record)
    return made.id


def opening(bench: Bench, conversation: int, runs: int = 7) -> tuple[list[float], list[float]]:
    """Milliseconds until a conversation is painted, and the longest turn of the event loop, for each run."""
    session, view = bench.services.session, bench.window.page.view
    times, turns = [], []
    for _ in range(runs):
        session.new()
        bench.until(lambda: bench.services.bridge.idle)
        began = time.perf_counter()
        session.open(conversation)
        turns.append(bench.until(lambda: bool(view.exchange_views())))
        view.viewport().repaint()
        times.append((time.perf_counter() - began) * 1000)
        bench.until(lambda: bench.services.bridge.idle)
    return times, turns


def scrolling(bench: Bench, steps: int = 600) -> list[float]:
    """Milliseconds of each step of a wheel, painted, upwards."""
    view, times = bench.window.page.view, []
    for _ in range(steps):
        began = time.perf_counter()
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() - 120)
        bench.turn()
        times.append((time.perf_counter() - began) * 1000)
    return times


def typing(bench: Bench, letters: int = 200) -> list[float]:
    """Milliseconds from a key to its letter painted."""
    from PySide6.QtTest import QTest

    edit, times = bench.window.page.composer.edit, []
    edit.clear()
    for at in range(letters):
        began = time.perf_counter()
        QTest.keyClick(edit, "abcdefg "[at % 8])
        edit.viewport().repaint()
        times.append((time.perf_counter() - began) * 1000)
        bench.turn()
    edit.clear()
    return times


class Heartbeat:
    """Notes how late each beat on the UI thread comes, in milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - _BEAT_MS))
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def under_load(bench: Bench, folder: Path, most_s: float) -> tuple[list[float], int, int, float]:
    """Index `folder` while answers stream; return lateness of beats, answers, files found by words, seconds."""
    from PySide6.QtCore import QEventLoop, QTimer

    session = bench.services.session
    session.new()
    bench.until(lambda: bench.services.bridge.idle)
    bench.assistant.start_watching()
    began, answers, loop, beat = time.monotonic(), 0, QEventLoop(), Heartbeat()
    bench.services.bridge.add_paths([str(folder)], "default")

    def again() -> None:
        nonlocal answers
        library = bench.services.libraries.libraries[0]
        done = time.monotonic() - began > 5 and not library.indexing
        if done or time.monotonic() - began > most_s:
            loop.quit()
        elif not session.running:
            answers += 1
            session.ask(_QUESTION, force=True)

    poll = QTimer(interval=200)
    poll.timeout.connect(again)
    poll.start()
    loop.exec()
    poll.stop()
    beat.stop()
    session.stop()
    bench.until(lambda: not session.running)
    bench.services.bridge.refresh_libraries()
    bench.until(lambda: bench.services.bridge.idle)
    return beat.late, answers, bench.services.libraries.libraries[0].documents, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crud", type=Path, default=Path("../shared/eval/crud"), help="holds unpack.py")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--most-s", type=float, default=240.0, help="how long the load may take")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="hxd-chat-") as scratch:
        folder, seed = Path(scratch, "files"), Path(scratch, "seed")
        for where, count in ((folder, chosen.files), (seed, 200)):
            unpack = [sys.executable, str(chosen.crud / "unpack.py"), str(where), "--count", str(count)]
            subprocess.run(unpack, check=True)
        bench = Bench(Path(scratch, "data"))
        try:
            bench.assistant.add_folder(seed)
            bench.assistant.index()
            bench.services.bridge.refresh_libraries()
            bench.until(lambda: bench.services.bridge.idle)
            rows: list[tuple[str, list[float]]] = []
            for messages in (1000, 2000):
                times, turns = opening(bench, fill(bench, messages // 2))
                rows += [(f"open {messages} messages", times), ("- longest turn of the UI thread", turns)]
            rows.append(("scroll by 120 pixels", scrolling(bench)))
            rows.append(("a letter typed", typing(bench)))
            late, answers, files, seconds = under_load(bench, folder, chosen.most_s)
            rows.append((f"stall: {files - 200:,} files in {seconds:.0f} s, {answers} answers", late))
        finally:
            bench.close()
    print(f"Chat, {os.environ['QT_QPA_PLATFORM']}. {machine()}\n")
    print("| ms | median | 99 % | 99.9 % | most | of |")
    print("|---|---|---|---|---|---|")
    for name, values in rows:
        figures = " | ".join(
            f"{value:.1f}" for value in (*(percentile(values, p) for p in (50, 99, 99.9)), max(values))
        )
        print(f"| {name} | {figures} | {len(values)} |")


if __name__ == "__main__":
    main()
