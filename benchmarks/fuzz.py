"""Thousands of hostile files, each read as the application reads it: which fail, how, how long it takes, what it costs.

    python benchmarks/fuzz.py [--count 5000] [--seed 1] [--keep FOLDER] [--pages 100000]

Valid samples of every format with bits flipped, pieces cut, doubled, replaced, two formats spliced or one under
another's name, then the crafted ones; PDF files and pictures are also drawn as the window draws them. A file may
fail, with a reason; what may not happen is that a parser process dies or passes a limit, that another file suffers, or
that an answer never comes. What does is kept in FOLDER.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import psutil
from measuring import machine

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library.parsing import _DEATHS, ParseJob, ParserPool
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess
from tests.support.hostile import CRAFTED, inputs
from tests.support.hostile_pages import PAGES, SLOW_PAGES, pdf_of_pages
from tests.support.samples import SAMPLES

SETTINGS = IndexSettings(workers=2, parse_timeout_s=60.0)
SLOW_MS = 10_000
DEATHS = tuple(reason.split("{")[0][:24] for reason in _DEATHS.values())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--pages", type=int, default=100_000, help="of the long PDF, 0 for none")
    options = arguments.parse_args()
    print(machine())
    pool = ParserPool(SETTINGS, ChunkSettings())
    peak = Peak()
    bad = 0
    try:
        with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
            samples = {name: make() for name, make in SAMPLES.items()}
            bad += read(pool, Path(place), inputs(samples, options.count, options.seed), "flipped", options.keep)
            bad += read(pool, Path(place), crafted(options.pages), "crafted", options.keep)
            bad += read_sparse(pool, Path(place))
            bad += draw(Path(place), samples, options.count // 4, options.seed)
    finally:
        pool.close()
    print(f"largest process: {peak.bytes / (1 << 20):.0f} MiB of {SETTINGS.parse_memory_bytes / (1 << 20):.0f} allowed")
    sys.exit(1 if bad else 0)


def crafted(pages: int) -> Iterator[tuple[str, bytes]]:
    for name, make in (*CRAFTED.items(), *SLOW_PAGES.items()):
        yield name, make()
    if pages:
        yield f"{pages}-pages.pdf", pdf_of_pages(pages)


def read(pool: ParserPool, place: Path, files: Iterator[tuple[str, bytes]], what: str, keep: Path | None) -> int:
    states, bad, slow = Counter[str](), 0, []
    started = time.perf_counter()
    batch: list[ParseJob] = []
    batches = _batches(files, 50 if what == "flipped" else 8)
    for batch_files in batches:
        batch = []
        for name, data in batch_files:
            path = place / name
            path.write_bytes(data)
            batch.append(ParseJob(str(path), len(data), 0, 1))
        for job, reply in pool.parse(batch, CancelToken()):
            states[reply["state"]] += 1
            died = reply["reason"].startswith(DEATHS)
            if reply.get("ms", 0) > SLOW_MS or died:
                slow.append(f"{Path(job.path).name}: {reply.get('ms', 0) / 1000:.1f} s {reply['reason']}")
            if died or (reply["state"] == "failed" and not reply["reason"]):
                bad += 1
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / Path(job.path).name).write_bytes(Path(job.path).read_bytes())
        for job in batch:
            Path(job.path).unlink()
    seconds = time.perf_counter() - started
    print(
        f"{what}: {sum(states.values())} files in {seconds:.0f} s: {dict(states.most_common())}; {bad} ended a parser"
    )
    for line in slow:
        print(f"  {line}")
    return bad


def draw(place: Path, samples: dict[str, bytes], count: int, seed: int) -> int:
    """Draw pages of flipped and crafted PDF files and pictures; return how many ended the process."""
    drawn = {name: data for name, data in samples.items() if name.endswith((".pdf", ".png", ".jpg", ".tif", ".bmp"))}
    files = [*inputs(drawn, count, seed), *((name, make()) for name, make in PAGES.items())]
    worker = WorkerProcess("pages", memory_bytes=SETTINGS.parse_memory_bytes)
    ends = Counter[str]()
    started = time.perf_counter()
    for name, data in files:
        path = place / name
        path.write_bytes(data)
        job = {"do": "draw", "path": str(path), "page": 1, "width": 1000, "passage": "words", "max_bytes": 1 << 28}
        try:
            reply = worker.request(job, timeout_s=30.0)
            ends["said why not" if "problem" in reply else "drawn"] += 1
        except WorkerDied as death:
            ends[f"ended the process ({death.reason})"] += 1
            print(f"  {name}: {death}")
        path.unlink()
    worker.close()
    print(f"drawn: {len(files)} files in {time.perf_counter() - started:.0f} s: {dict(ends.most_common())}")
    return sum(times for end, times in ends.items() if end.startswith("ended"))


class Peak:
    """The largest resident size of a process that this one started, looked at fifty times a second."""

    def __init__(self) -> None:
        self.bytes = 0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            for child in psutil.Process().children(recursive=True):
                try:
                    self.bytes = max(self.bytes, child.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.02)


def read_sparse(pool: ParserPool, place: Path) -> int:
    path = place / "two-gigabytes.txt"
    with open(path, "wb") as stream:
        stream.truncate(2 << 30)
    ((_, reply),) = pool.parse([ParseJob(str(path), 2 << 30, 0, 1)], CancelToken())
    print(f"a sparse text of 2 GB: {reply['state']}: {reply['reason']}")
    return int(reply["state"] != "skipped")


def _batches(files: Iterator[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    batch: list[tuple[str, bytes]] = []
    for item in files:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    random.seed(0)
    main()
