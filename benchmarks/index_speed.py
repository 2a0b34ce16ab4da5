"""Indexing a folder, beside recoll on the same files in the same run.

    python benchmarks/index_speed.py FOLDER... [--rounds 3] [--no-recoll]

Each round indexes into an empty data directory, then once more with nothing changed. recollindex (Debian: apt-get
install recoll) is run as Debian ships it, but for leaving out hidden files, which HXD Desktop leaves out too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import HXD, folder_bytes, machine, median, run, warm


@dataclass(frozen=True, slots=True)
class Round:
    """One run into an empty place and one after it; words and everything are the same for recoll."""

    words_s: float
    all_s: float
    again_s: float
    cpu_s: float
    memory: int
    disk: int


def index_with_hxd(folder: Path, data: Path) -> tuple[Round, dict[str, Any]]:
    command = [*HXD, "--data-dir", str(data), "index", str(folder), "--json"]
    first, again = run(command), run(command)
    report = json.loads(first.output)
    # Starting the program counts: what the program itself measures begins after it.
    words_s = first.seconds - (report["seconds"] - report["seconds_words"])
    return (
        Round(words_s, first.seconds, again.seconds, first.cpu_seconds, first.memory, folder_bytes(data)),
        report,
    )


def index_with_recoll(folder: Path, data: Path) -> Round:
    data.mkdir()
    (data / "recoll.conf").write_text(f"topdirs = {folder}\nskippedNames+ = .*\nidxniceprio = 0\n")
    command = ["recollindex", "-c", str(data)]
    first, again = run(command), run(command)
    return Round(first.seconds, first.seconds, again.seconds, first.cpu_seconds, first.memory, folder_bytes(data))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--no-recoll", action="store_true")
    options = arguments.parse_args()
    with_recoll = not options.no_recoll and shutil.which("recollindex") is not None
    print(machine())
    for folder in options.folders:
        measure(folder.resolve(), options.rounds, with_recoll)


def measure(folder: Path, rounds: int, with_recoll: bool) -> None:
    text_bytes = warm(folder)
    print(f"\n{folder}: {text_bytes / 1e6:.1f} MB")
    ours: list[Round] = []
    theirs: list[Round] = []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
            if with_recoll:
                theirs.append(index_with_recoll(folder, Path(place) / "recoll"))
                print(
                    f"  round {number}  recoll {theirs[-1].all_s:7.2f} s, processor {theirs[-1].cpu_s:.1f} s",
                    flush=True,
                )
            one, report = index_with_hxd(folder, Path(place) / "hxd")
            ours.append(one)
            print(
                f"  round {number}  hxd    {one.words_s:7.2f} s words, {one.all_s:.2f} s with vectors,"
                f" processor {one.cpu_s:.1f} s",
                flush=True,
            )
    print(f"  files   {report['documents']}, {report['chunks']} passages")
    show("hxd", ours, text_bytes)
    if theirs:
        show("recoll", theirs, text_bytes)
        pairs = list(zip(ours, theirs, strict=True))
        show_ratio("words", [our.words_s / their.words_s for our, their in pairs])
        show_ratio("all", [our.all_s / their.all_s for our, their in pairs])
        show_ratio("processor", [our.cpu_s / their.cpu_s for our, their in pairs])


def show_ratio(name: str, ratios: list[float]) -> None:
    print(f"  {name + ' / recoll':18} {median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")


def show(name: str, rounds: list[Round], text_bytes: int) -> None:
    words = median(one.words_s for one in rounds)
    figures = [
        f"words {words:.2f} s ({text_bytes / 1e6 / words:.2f} MB/s)",
        f"all {median(one.all_s for one in rounds):.2f} s",
        f"processor {median(one.cpu_s for one in rounds):.1f} s",
        f"second run {median(one.again_s for one in rounds):.2f} s",
        f"memory {max(one.memory for one in rounds) / 2**20:.0f} MiB",
        f"disk {rounds[-1].disk / 1e6:.1f} MB, {rounds[-1].disk / text_bytes:.2f} times the text",
    ]
    print(f"  {name:7} {', '.join(figures)}")


if __name__ == "__main__":
    main()
