"""What the benchmarks share: percentiles, the memory of a process tree, sizes, and what machine this is."""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

HXD = [sys.executable, "-m", "hxd_desktop"]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def summary(values: Sequence[float], unit: str = "ms", digits: int = 1) -> str:
    parts = [f"p{percent} {percentile(values, percent):.{digits}f}" for percent in (50, 95, 99)]
    return f"{', '.join(parts)}, longest {max(values):.{digits}f} {unit} ({len(values)})"


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


class PeakMemory:
    """Samples the proportional set size of this process's children, all of them, and keeps the peak in bytes.

    On systems without /proc/PID/smaps_rollup the unique set size is taken, which is somewhat less.
    """

    def __init__(self, pid: int, every_s: float = 0.1) -> None:
        self.peak = 0
        self._pid = pid
        self._every_s = every_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(self._every_s):
            self.peak = max(self.peak, tree_memory(self._pid))


def tree_memory(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += _memory(process)
        except (OSError, psutil.Error):
            continue  # it has ended
    return total


def _memory(process: psutil.Process) -> int:
    if sys.platform == "linux":
        with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as stream:
            for line in stream:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
        return 0
    return int(process.memory_full_info().uss)


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended: wall and processor seconds (0 on Windows), peak bytes of its processes, output."""

    seconds: float
    cpu_seconds: float
    memory: int
    output: str


def run(command: Sequence[str]) -> Finished:
    started, cpu_started = time.perf_counter(), children_cpu_seconds()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with PeakMemory(process.pid) as memory:
        output, errors = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{errors[-2000:]}")
    return Finished(seconds, children_cpu_seconds() - cpu_started, memory.peak, output)


def children_cpu_seconds() -> float:
    """Processor seconds of all processes that this one has started and that have ended, and of theirs."""
    times = os.times()
    return times.children_user + times.children_system


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def warm(folder: Path) -> int:
    """Read every file once, so that all that is measured finds them in memory; return their bytes."""
    total = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            total += len(path.read_bytes())
    return total


def machine() -> str:
    model = platform.processor() or platform.machine()
    if sys.platform == "linux":
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            model = next((line.split(":", 1)[1].strip() for line in stream if line.startswith("model name")), model)
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )
