"""Kills indexing (SIGKILL) at random moments and checks what the next start finds.

    python benchmarks/crash.py FOLDER [--kills 50] [--seed 1]

After each kill: every document that was reported as indexed before it is there, whole and not read again by the next
run; every embedding that was made is there; database, full text and vectors agree. When a run is killed too late to
be stopped, the data directory is emptied and indexing starts anew. In the end all is as an undisturbed run leaves it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from measuring import HXD, machine

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError

COMPARED = {"database", "documents", "words", "vectors"}

Indexed = dict[str, tuple[float | None, int, int]]  # path: indexed at, chunks, characters


def state(data: Path) -> tuple[Indexed, int]:
    """What a reader beside the running copy is told: documents that are indexed, and embeddings that are kept."""
    try:
        assistant = Assistant.open(data, writable=False)
    except HxdError:
        return {}, 0  # killed before there was a database
    try:
        if not assistant.libraries():
            return {}, 0
        documents = assistant.documents("default", state=DocumentState.INDEXED)
        indexed = {one.path: (one.indexed_at, one.chunks, one.chars) for one in documents}
    finally:
        assistant.close()
    with sqlite3.connect(f"file:{data / 'library.sqlite3'}?mode=ro", uri=True) as connection:
        return indexed, connection.execute("SELECT count(*) FROM embeddings").fetchone()[0]


def check(data: Path, what: str) -> list[str]:
    """Open as the next start does and compare database, full text and vectors."""
    if not (data / "library.sqlite3").exists():
        return []
    assistant = Assistant.open(data)
    try:
        found = [one for one in assistant.check(compare=True) if one.name.split(" of ")[0] in COMPARED]
        if len(found) < len(COMPARED) and assistant.libraries():
            sys.exit(f"not everything was compared: {[one.name for one in found]}")
        return [f"{what}: {one.name}: {one.detail}" for one in found if not one.ok]
    finally:
        assistant.close()


def start(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    command = [*HXD, "--data-dir", str(data), "index", str(folder), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes]) -> list[str]:
    """Kill the main process alone; its workers have to notice and end by themselves."""
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, left = psutil.wait_procs(workers, timeout=10)
    for worker in left:
        worker.kill()
    return [f"a worker outlived its parent: {worker}" for worker in left]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        problems = measure(options.folder.resolve(), Path(place), options.kills, random.Random(options.seed))
    for problem in problems[:40]:
        print(f"  WRONG  {problem}")
    print(f"  {len(problems)} problems")
    sys.exit(1 if problems else 0)


def measure(folder: Path, place: Path, kills: int, chosen: random.Random) -> list[str]:
    started = time.perf_counter()
    output = start(folder, place / "whole").communicate()[0]
    whole_s = time.perf_counter() - started
    whole = json.loads(output)
    expected = {path: row[1:] for path, row in state(place / "whole")[0].items()}
    print(f"undisturbed: {whole_s:.1f} s, {len(expected)} documents, {whole['chunks']} passages")

    data, problems, met = place / "killed", check(place / "whole", "undisturbed"), Counter[str]()
    before: Indexed = {}
    embeddings = done = 0
    while done < kills:
        process = start(folder, data)
        try:
            process.communicate(timeout=chosen.uniform(0.05, whole_s * 0.6))
        except subprocess.TimeoutExpired:
            # What is read here was reported before the kill, so it has to be there after it.
            during, embeddings_during = state(data)
            problems += kill(process)
            done += 1
            after, embeddings_after = state(data)
            problems += compare(f"kill {done}", before, during, after)
            if embeddings_after < max(embeddings, embeddings_during):
                problems.append(f"kill {done}: {embeddings_during - embeddings_after} embeddings are lost")
            problems += check(data, f"kill {done}")
            before, embeddings = after, embeddings_after
            met["start" if not after else "words" if len(after) < len(expected) else "vectors"] += 1
            print(f"  kill {done}: {len(after)} documents, {embeddings_after} embeddings", flush=True)
        else:
            problems += finish(f"after kill {done}", data, before, expected)
            shutil.rmtree(data)
            before, embeddings = {}, 0
    start(folder, data).communicate()
    problems += finish("at the end", data, before, expected)
    print(
        f"  killed before the first document {met['start']}, among words {met['words']}, among vectors {met['vectors']}"
    )
    return problems


def compare(what: str, before: Indexed, during: Indexed, after: Indexed) -> list[str]:
    problems = [
        f"{what}: {path} was reported as indexed and is not" for path in (before.keys() | during.keys()) - after.keys()
    ]
    problems += [f"{what}: {path} was read again" for path in before.keys() & after if before[path] != after[path]]
    problems += [f"{what}: {path} differs" for path in during.keys() & after if during[path] != after[path]]
    return problems


def finish(what: str, data: Path, before: Indexed, expected: dict[str, tuple[int, int]]) -> list[str]:
    final, _ = state(data)
    problems = compare(what, before, final, final)
    if {path: row[1:] for path, row in final.items()} != expected:
        problems.append(f"{what}: not as an undisturbed run leaves it")
    return problems + check(data, what)


if __name__ == "__main__":
    main()
