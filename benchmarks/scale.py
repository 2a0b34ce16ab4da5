"""HXD Desktop beside its peers on the same files in the same run, at several sizes.

    python benchmarks/scale.py FOLDER [--sizes 1500 10000 68794] [--peers VENV] [--only hxd recoll ...]
        [--questions FILE.jsonl] [--count 200] [--rounds 1] [--limit 600] [--made DATA_DIR] [--out DIR]

The first N files of FOLDER are copied for each size. In each round every system, in turns, indexes them into an empty
place, looks at them again with nothing changed, takes up a new file five times, and is asked; each of these in a
process of its own (`peers/`). VENV holds the peers:

    python3 -m venv VENV && VENV/bin/pip install langchain langchain-classic langchain-community faiss-cpu \\
        rank-bm25 llama-index-core chromadb txtai PyStemmer

recoll is Debian's. Those that take vectors get hxd's built-in embedder, one process, no server. The result is Markdown
on standard output, with plots and `figures.json` in DIR. For more passages than FOLDER gives there is `synthetic.py`,
whose DATA_DIR is asked as it is.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import PeakMemory, folder_bytes, machine, warm
from scaling import Figures, growths, middle, plots, table

from hxd_desktop.engine.text.sentences import sentences

ADAPTERS = Path(__file__).with_name("peers")
OWN = ("hxd", "recoll")  # run by this Python
PEERS = {  # the module that shows whether it is there
    "langchain_faiss": "faiss",
    "langchain_bm25": "rank_bm25",
    "llamaindex": "llama_index",
    "chroma": "chromadb",
    "txtai_index": "txtai",
}
NAMES = {
    "langchain_faiss": "LangChain, FAISS",
    "langchain_bm25": "LangChain, BM25",
    "llamaindex": "LlamaIndex",
    "chroma": "Chroma",
    "txtai_index": "txtai",
}


class TooLongError(Exception):
    """An action did not end within the limit, or failed (`by_time` is False)."""

    def __init__(self, message: str, by_time: bool) -> None:
        super().__init__(message)
        self.by_time = by_time


def act(python: Path, system: str, action: str, limit_s: float, *places: Path) -> tuple[dict[str, Any], float, int]:
    """Run one action of an adapter; return what it says, its seconds and its peak memory in bytes."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONWARNINGS": "ignore"}
    command = [str(python), str(ADAPTERS / f"{system}.py"), action, *map(str, places)]
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        with PeakMemory(process.pid) as memory:
            try:
                output, _ = process.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise TooLongError(f"not within {limit_s:.0f} s", by_time=True) from None
        seconds = time.perf_counter() - started
        if process.returncode != 0:
            errors.seek(0)
            raise TooLongError(f"failed: {errors.read()[-600:]}", by_time=False)
    return json.loads(output.splitlines()[-1]), seconds, memory.peak


def measure(python: Path, system: str, folder: Path, questions: Path, limit_s: float) -> Figures:
    """Everything of one system on one folder, from an empty place."""
    files = sum(path.is_file() for path in folder.rglob("*"))
    figures = Figures(system, files, warm(folder))
    action = "index"
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        state = Path(place) / "state"
        try:
            made, seconds, memory = act(python, system, action, limit_s, state, folder)
            figures = dataclasses.replace(
                figures,
                pieces=made.get("pieces"),
                index_s=seconds,
                words_s=made.get("words_s"),
                memory=memory,
                disk=folder_bytes(state) or None,
            )
            action = "rescan"
            made, seconds, _ = act(python, system, action, limit_s, state, folder)
            if "cannot" not in made:
                figures = dataclasses.replace(figures, rescan_s=seconds)
            action = "query"
            figures = asked(figures, python, system, limit_s, state, folder, questions)
            action = "change"
            made, _, _ = act(python, system, action, limit_s, state, folder)
            figures = dataclasses.replace(figures, change_s=tuple(made.get("seconds", ())))
        except TooLongError as problem:
            limit = limit_s if action == "index" and problem.by_time else None
            figures = dataclasses.replace(figures, stopped=f"{action} {problem}", limit_s=limit)
            print(f"  {system}: {figures.stopped}", file=sys.stderr, flush=True)
    return figures


def asked(
    figures: Figures, python: Path, system: str, limit_s: float, state: Path, folder: Path, questions: Path
) -> Figures:
    made, _, memory = act(python, system, "query", limit_s, state, folder, questions)
    return dataclasses.replace(
        figures,
        query_memory=memory,
        load_s=made["load_s"],
        ms=tuple(made["ms"]),
        answer_ms=tuple(made.get("answer_ms", ())),
    )


def measure_made(data: Path, questions: Path, limit_s: float) -> Figures:
    """What can be measured of hxd on a library that `synthetic.py` has made: start, questions, one change, disk."""
    with contextlib.closing(sqlite3.connect(data / "library.sqlite3")) as connection:
        sums = "SELECT count(*), sum(chunks), sum(size_bytes) FROM documents"
        files, pieces, text_bytes = connection.execute(sums).fetchone()
    python = Path(sys.executable)
    figures = Figures("hxd", files, text_bytes, pieces, disk=folder_bytes(data))
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        folder = Path(place).resolve()
        figures = asked(figures, python, "hxd", limit_s, data, folder, questions)
        made, _, _ = act(python, "hxd", "change", limit_s, data, folder)
    return dataclasses.replace(figures, change_s=tuple(made["seconds"]))


def first_files(source: Path, count: int, target: Path) -> None:
    """Copy the first `count` files of `source`, in the order of their paths, into the same folders below `target`."""
    for path in sorted(one for one in source.rglob("*") if one.is_file())[:count]:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def questions_for(folder: Path, file: Path | None, count: int) -> list[str]:
    """Questions of a JSONL file, or sentences of the documents, drawn by chance."""
    chosen = random.Random(1)
    if file is not None:
        with open(file, encoding="utf-8") as stream:
            asked = [json.loads(line)["question"] for line in stream if line.strip()]
        return chosen.sample(asked, min(count, len(asked)))
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found = []
    for path in chosen.choices(paths, k=4 * count):
        text = path.read_text("utf-8", "replace")
        if spans := [span for span in sentences(text) if 12 <= span[1] - span[0] <= 120]:
            start, end = chosen.choice(spans)
            found.append(text[start:end])
    return found[:count]


def systems(peers: Path | None, only: list[str]) -> dict[str, Path]:
    """The systems that are there, each with the Python that runs it; what is missing is said."""
    found = {"hxd": Path(sys.executable)}
    if shutil.which("recollindex") and shutil.which("recollq"):
        found["recoll"] = Path(sys.executable)
    python = peers / "bin" / "python" if peers is not None else None
    for name, module in PEERS.items():
        if (
            python is not None
            and not subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode
        ):
            found[name] = python
    missing = [name for name in (*OWN, *PEERS) if name not in found and (not only or name in only)]
    if missing:
        print(f"not there, so not measured: {', '.join(missing)}\n")
    return {name: python for name, python in found.items() if not only or name in only}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[1500, 10_000, 68_794])
    arguments.add_argument("--peers", type=Path, help="the virtual environment with them")
    arguments.add_argument("--only", nargs="+", default=[], choices=[*OWN, *PEERS])
    arguments.add_argument("--questions", type=Path)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=1)
    arguments.add_argument("--limit", type=float, default=600.0, help="seconds for one action of one system")
    arguments.add_argument("--made", type=Path, help="a data directory that synthetic.py has made")
    arguments.add_argument("--out", type=Path)
    options = arguments.parse_args()
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}\n")
    pythons = systems(options.peers, options.only)
    rows: list[Figures] = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
            folder = Path(place).resolve() / "files"
            first_files(options.folder.resolve(), size, folder)
            questions = Path(place) / "questions.json"
            questions.write_text(json.dumps(questions_for(folder, options.questions, options.count)), encoding="utf-8")
            rounds: dict[str, list[Figures]] = {name: [] for name in pythons}
            for number in range(options.rounds):
                for name, python in pythons.items():
                    rounds[name].append(measure(python, name, folder, questions, options.limit))
                    print(f"  round {number + 1}, {size} files: {name}", file=sys.stderr, flush=True)
            rows += [middle(some) for some in rounds.values()]
            if options.made is not None and size == options.sizes[-1]:
                rows.append(measure_made(options.made.resolve(), questions, options.limit))
    show(rows, options.out)


def show(rows: list[Figures], out: Path | None) -> None:
    rows = [dataclasses.replace(one, system=NAMES.get(one.system, one.system)) for one in rows]
    print(table(rows))
    if grown := growths(rows):
        print(f"\nPowers of the number of files with which they grow:\n\n{grown}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"\nload {load:.1f} at the end")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        figures = [dataclasses.asdict(one) for one in rows]
        (out / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        for name, svg in plots(rows).items():
            (out / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
