"""Thousands of hostile files, each read as the application reads it: which fail, how, how long it takes, what it costs.

    python benchmarks/fuzz.py [--count 5000] [--seed 1] [--keep FOLDER] [--pages 100000]

Valid samples of every format with bits flipped and pieces cut, doubled and replaced, then the crafted ones. A file may
fail, with a reason; what may not happen is that a parser process dies or passes a limit, that another file suffers, or
that an answer never comes. What does is kept in FOLDER.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from measuring import machine

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library.parsing import _DEATHS, ParseJob, ParserPool
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings
from tests.support.hostile import CRAFTED, inputs
from tests.support.hostile_pages import pdf_of_pages
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
    bad = 0
    try:
        with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
            samples = {name: make() for name, make in SAMPLES.items()}
            bad += read(pool, Path(place), inputs(samples, options.count, options.seed), "flipped", options.keep)
            bad += read(pool, Path(place), crafted(options.pages), "crafted", options.keep)
            bad += read_sparse(pool, Path(place))
    finally:
        pool.close()
    sys.exit(1 if bad else 0)


def crafted(pages: int) -> Iterator[tuple[str, bytes]]:
    for name, make in CRAFTED.items():
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
