"""How soon the window is there, and what it keeps in memory when nothing is asked. Prints Markdown.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window_start [--runs 7] [--data-dir DIR]
    xvfb-run -a env QT_QPA_PLATFORM=xcb python -m benchmarks.window_start ...

`hxd` is started on a library of the sample documents, or on one that is there. A time is from the start of its process
to the end of the first painting of the window, seen from outside; the first start is left out, so that files lie in the
system's cache. Memory is read after the library is open and the process has been idle for a while: the resident set of
the window's process, and the resident and proportional sets of it and all processes that it has started.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.measuring import HXD, machine, median, tree_memory

_IDLE_S = 5.0
_MB = 1e6
# The product has no hook for this: the driver listens to the window that `hxd` makes. Without a screen `hxd` would
# open no window, so it is told that there is one.
_DRIVER = """
import sys
import hxd_desktop.cli.window as window
window.has_display = lambda: True
def watch():
    from PySide6.QtCore import QEvent, QObject, QTimer
    from hxd_desktop.ui.app import Application
    class Watch(QObject):
        painted = False
        def eventFilter(self, watched, event):
            if not self.painted and event.type() == QEvent.Type.Paint:
                self.painted = True
                QTimer.singleShot(0, lambda: print("painted", flush=True))
            return False
    start = Application.start
    def started(self):
        self.watch = Watch()
        self.window.installEventFilter(self.watch)
        self.services.bridge.libraries.connect(lambda _: print("open", flush=True))
        start(self)
    Application.start = started
real = window.open_window
def open_window(*arguments, **named):
    watch()
    return real(*arguments, **named)
window.open_window = open_window
from hxd_desktop.cli import main
sys.argv = ["hxd", *sys.argv[1:]]
sys.exit(main())
"""


def start(data_dir: Path, idle_s: float) -> tuple[float, float, tuple[int, int, int]]:
    """Return seconds to the first painting, seconds to the open library, and bytes: window, all, all proportional."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, "--data-dir", str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    times: dict[str, float] = {}
    for line in process.stdout:
        times.setdefault(line.strip(), time.perf_counter() - began)
        if len(times) == 2:
            break
    else:
        sys.exit("The window was not painted.")
    memory = (0, 0, 0)
    if idle_s:
        time.sleep(idle_s)
        root = psutil.Process(process.pid)
        resident = [one.memory_info().rss for one in (root, *root.children(recursive=True))]
        memory = (resident[0], sum(resident), tree_memory(process.pid))
    process.terminate()
    process.communicate()
    return times["painted"], times["open"], memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--data-dir", type=Path)
    options = parser.parse_args()
    from hxd_desktop.engine import samples

    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        data_dir = options.data_dir
        if data_dir is None:
            data_dir = Path(folder, "data")
            subprocess.run(
                [*HXD, "--data-dir", str(data_dir), "index", str(samples.documents())], check=True, capture_output=True
            )
        start(data_dir, 0)
        found = [start(data_dir, 0) for _ in range(options.runs)]
        painted, opened, memory = start(data_dir, _IDLE_S)
    found.append((painted, opened, memory))
    print("| | median | slowest |\n|---|---|---|")
    for name, at in (("first painting, s", 0), ("library open, s", 1)):
        values = [float(run[at]) for run in found]  # type: ignore[arg-type]
        print(f"| {name} | {median(values):.2f} | {max(values):.2f} |")
    print("\n| memory when idle | MB |\n|---|---|")
    for name, size in zip(("window, resident", "all processes, resident", "all, proportional"), memory, strict=True):
        print(f"| {name} | {size / _MB:.0f} |")


if __name__ == "__main__":
    main()
