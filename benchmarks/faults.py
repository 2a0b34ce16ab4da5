"""Kills (SIGKILL), power cuts and full disks at random moments of all that writes, and what the next start finds.

    python benchmarks/faults.py [--rounds 200] [--cuts 200] [--disks 200] [--copies 20] [--kinds index,...] [--seed 1]

Kinds of work: indexing with changing files; the migration of an earlier version's directory; another embedder, built
beside the one in use; downloads from a hub on this machine and imports; chats with a language model, whose process is
killed alone in every other round; backups and restores; removals with their purges, and repairs; settings, limits,
examples and the window's memory.

- kills: the process is killed at a random time. In every fifth round a `--repair` is killed as well.
- power cuts: the process is killed before a random one of its writing calls (see `fault_shim.c`). The disk is put
  together four times: with what had been flushed or with any mixture of its pages and newer ones; with the names as
  they were or as last flushed.
- full disks: a random writing call, and all after it, fail for want of room (ENOSPC); or one alone, or one that reads,
  fails (EIO). Only an error with a remedy may come of it. As root, small disks (tmpfs) are filled up besides.

After each: what had been said is there, no half of anything is taken for whole, and `hxd doctor --check` agrees.
The last two need Linux and a C compiler.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from fault_disks import cut_power, full_disks, prepare_shadow
from fault_place import OURS, Told, fresh, problems, template
from fault_work import KINDS, NAMES
from measuring import HXD, machine

from hxd_desktop.engine.assistant import Assistant
from tests.support.hub import Hub, running

HERE = Path(__file__).resolve().parent
REPAIR = "import sys; from hxd_desktop.engine.assistant import Assistant; Assistant.repair(sys.argv[1])"
FOREVER = 1_000_000
STEPS = {"settings": 4, "download": 2, "talk": 3}  # until a counted run ends by itself
AGAIN = 4  # rounds on one directory


class Faults:
    """Everything that is tried, in one temporary folder.

    Args:
        place: The folder.
        kinds: What kinds of work.
        chance: Where the moments come from.
        hub: Serves the model that is downloaded.
    """

    def __init__(self, place: Path, kinds: list[str], chance: random.Random, hub: Hub) -> None:
        self.place, self.kinds, self.chance, self.hub = place, kinds, chance, hub
        self.made = template(place)
        self.bad = 0
        hub.files = {f"org/tiny/{name}": (self.made / "tiny" / name).read_bytes() for name in NAMES}
        hub.pace_bytes = 16_384

    # -- kills ------------------------------------------------------------------------------------------------

    def kills(self, rounds: int) -> None:
        """Kill at random times."""
        done, met, found = Counter[str](), Counter[str](), Counter[str]()
        told: dict[str, Told] = {}
        for number in range(rounds):
            kind = self.kinds[number % len(self.kinds)]
            place = self.place / kind
            if done[kind] % AGAIN == 0 or kind == "migration":
                _, told[kind] = fresh(self.made, place, kind)
            done[kind] += 1
            told[kind].lines.clear()
            short = kind == "migration" and done[kind] % 2
            alone = kind == "talk" and done[kind] % 2 == 0
            self._kill(kind, place, told[kind], self.chance.uniform(0.0, 0.4 if short else 3.0), number, alone=alone)
            met[f"{kind} after {told[kind].last}"] += 1
            if number % 5 == 4:
                self._kill_repair(place / "disk" / "data")
                met["repair"] += 1
            self._report(f"kill {number} of {kind}", problems(place / "disk", told[kind]), found, kind)
        print(f"{rounds} kills: {dict(done)}\n  after it had last said: {dict(met.most_common())}")
        print(f"  problems: {dict(found) or 'none'}", flush=True)

    def _kill(self, kind: str, place: Path, told: Told, seconds: float, seed: int, *, alone: bool) -> None:
        process = self._start(kind, place / "disk", seed, FOREVER)
        assert process.stdout is not None
        for _ in range(1 if self.chance.random() < 0.3 else 2):  # from here on, or once it is opened
            told.hear([json.loads(process.stdout.readline() or '["none", null]')])
        workers = psutil.Process(process.pid).children(recursive=True)
        if alone:  # the language model's process alone: the application goes on
            self._kill_language_model(process, told)
        time.sleep(seconds)
        workers += [w for w in _children(process.pid) if w not in workers]
        process.kill()
        output = process.stdout.read()  # `communicate` would leave out what `readline` has buffered
        process.wait()
        said = (self.place / "said").read_text("utf-8", "replace")
        if process.returncode not in (-9, 0):
            self._report(f"{kind}", [f"it ended by itself ({process.returncode}): {said[-2000:]}"], Counter(), kind)
        told.hear(json.loads(line) for line in output.splitlines() if line.endswith("]"))
        _, left = psutil.wait_procs(workers, timeout=10)
        if left:
            self._report(kind, [f"workers outlived their parent: {left}"], Counter(), kind)

    def _kill_language_model(self, process: subprocess.Popen[str], told: Told) -> None:
        assert process.stdout is not None
        killed, chats = False, 0
        while chats < 3:
            line = process.stdout.readline()
            if not line:
                return  # it ended; `_kill` says so
            told.hear([json.loads(line)])
            if told.last != "turn":
                continue
            chats += killed
            for worker in _children(process.pid):
                if not killed and "llm" in worker.cmdline():
                    worker.kill()
                    killed = True

    def copies(self, rounds: int) -> None:
        """Start three copies at once on a directory that is not there yet: one works, the others say so, or wait."""
        said, found = Counter[str](), Counter[str]()
        for number in range(rounds):
            data = self.place / f"copies-{number}"
            command = [*HXD, "--data-dir", str(data), "index", str(self.made / "folder")]
            copies = [
                subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=HERE.parent)
                for _ in range(3)
            ]
            ends = [(copy.communicate()[1].strip().splitlines() or [""], copy.returncode) for copy in copies]
            wrong = [lines[-1] for lines, status in ends if status and "already running" not in lines[-1]]
            wrong += [] if any(status == 0 for _, status in ends) else ["none of them worked"]
            said[f"{sum(status == 0 for _, status in ends)} worked"] += 1
            self._report(f"copies {number}", wrong, found, "copies")
            assistant = Assistant.open(data, writable=False)
            bad = [c for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
            self._report(f"copies {number}", [f"{c.name}: {c.detail}" for c in bad], found, "copies")
            assistant.close()
            shutil.rmtree(data)
        print(f"{rounds} times three copies at once: {dict(said)}; problems: {dict(found) or 'none'}", flush=True)

    def _kill_repair(self, data: Path) -> None:
        process = subprocess.Popen([sys.executable, "-c", REPAIR, str(data)], stderr=subprocess.DEVNULL)
        time.sleep(self.chance.uniform(0.1, 0.8))
        process.kill()
        process.wait()
        Assistant.repair(data)

    def _start(self, kind: str, disk: Path, seed: int, steps: int, **more: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "HF_ENDPOINT": self.hub.address,
            "NO_PROXY": "*",
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(HERE.parent),
            **more,
        }
        command = [sys.executable, str(HERE / "fault_work.py"), kind, str(disk), str(seed), str(steps)]
        with open(self.place / "said", "w", encoding="utf-8") as said:
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, env=environment, cwd=HERE)

    def _report(self, what: str, found: list[str], counted: Counter[str], kind: str) -> None:
        for problem in found:
            print(f"  WRONG  {what}: {problem}", flush=True)
        counted[kind] += len(found)
        if not counted[kind]:
            del counted[kind]
        self.bad += len(found)

    # -- power cuts and full disks ------------------------------------------------------------------------------

    def _shimmed(
        self, kind: str, disk: Path, seed: int, at: int, do: str, **more: str
    ) -> tuple[subprocess.Popen[str], int]:
        counter = self.place / "count"
        counter.write_bytes(bytes(8))
        shim = {
            "LD_PRELOAD": str(self._shim()),
            "HXD_FAULT_ROOT": str(disk),
            "HXD_FAULT_COUNT": str(counter),
            "HXD_FAULT_AT": str(at),
            "HXD_FAULT_DO": do,
            **more,
        }
        process = self._start(kind, disk, seed, STEPS.get(kind, 2), **shim)
        self.output, _ = process.communicate()
        self.said = (self.place / "said").read_text("utf-8", "replace")
        return process, struct.unpack("<Q", counter.read_bytes())[0]

    def _shim(self) -> Path:
        shim = self.place / "fault_shim.so"
        if not shim.exists():
            source = HERE / "fault_shim.c"
            subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(shim), str(source), "-ldl"], check=True)
        return shim

    def _rounds(self, rounds: int) -> Iterator[tuple[int, str, Path, Told, int]]:
        """Yield number, kind, place and promises of each round, and how many writing calls its work makes."""
        totals: dict[str, int] = {}
        for number in range(rounds):
            kind = self.kinds[number % len(self.kinds)]
            place = self.place / f"{kind}-disk"
            if kind not in totals:
                disk, _ = fresh(self.made, place, kind)
                process, totals[kind] = self._shimmed(kind, disk, number, 0, "kill")
                if process.returncode:
                    raise SystemExit(f"{kind}: the work fails without a fault: {self.output[-500:]}{self.said[-2000:]}")
            _, told = fresh(self.made, place, kind)
            yield number, kind, place, told, totals[kind]

    def cuts(self, rounds: int) -> None:
        """Cut the power before random writing calls."""
        done, found, total = Counter[str](), Counter[str](), 0
        for number, kind, place, told, calls in self._rounds(rounds):
            shadow = self.place / "shadow"
            prepare_shadow(place / "disk", shadow)
            at = self.chance.randint(1, calls)
            self._shimmed(kind, place / "disk", number, at, "kill", HXD_FAULT_SHADOW=str(shadow))
            told.hear(json.loads(line) for line in self.output.splitlines() if line.endswith("]"))
            for variant in range(4):
                left = self.place / f"{kind}-left"
                cut_power(place, shadow, left, self.chance, newer=bool(variant & 1), names_lost=bool(variant & 2))
                how = f"{'mixed' if variant & 1 else 'flushed'}, names {'lost' if variant & 2 else 'kept'}"
                what = f"cut {number} of {kind} before call {at} of {calls}, {how}"
                self._report(what, problems(left / "disk", told), found, kind)
                total += 1
            done[kind] += 1
        print(
            f"{sum(done.values())} power cuts, {total} disks: {dict(done)}; problems: {dict(found) or 'none'}",
            flush=True,
        )

    def disks(self, rounds: int) -> None:
        """Let random writing calls fail."""
        done, found, errors = Counter[str](), Counter[str](), Counter[str]()
        for number, kind, place, told, calls in self._rounds(rounds):
            at = self.chance.randint(1, calls)
            how = ("full", "full", "write", "read")[number // len(self.kinds) % 4]
            more = {} if how == "full" else {"HXD_FAULT_ONCE": "1"}
            more |= {"HXD_FAULT_READS": "1"} if how == "read" else {}
            process, _ = self._shimmed(kind, place / "disk", number, at, "28" if how == "full" else "5", **more)
            told.hear(json.loads(line) for line in self.output.splitlines() if line.endswith("]"))
            what = f"{how} at call {at} of {calls} of {kind}"
            wrong = []
            if process.returncode == 3 and told.lines[-1][0] == "error":
                title, message, remedy = told.lines[-1][1]  # type: ignore[misc]
                errors[str(title)] += 1
                wrong += [] if remedy else [f"no remedy: {title}: {message}"]
            elif process.returncode:
                wrong.append(f"ended with {process.returncode}: {self.said[-1500:]}")
            if "Traceback" in self.said and not wrong:
                wrong.append(f"a traceback: {self.said[-1500:]}")
            done[kind] += 1
            self._report(what, [*wrong, *problems(place / "disk", told)], found, kind)
        print(f"{rounds} failing disks: {dict(done)}; errors told: {dict(errors)}; problems: {dict(found) or 'none'}")


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@contextmanager
def temporary() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="hxd-benchmark-"))
    try:
        yield place.resolve()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=200, help="kills")
    arguments.add_argument("--cuts", type=int, default=200, help="power cuts")
    arguments.add_argument("--disks", type=int, default=200, help="failing disks")
    arguments.add_argument("--copies", type=int, default=20, help="times that three copies are started at once")
    arguments.add_argument("--kinds", default=",".join(KINDS))
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(machine())
    logging.disable(logging.CRITICAL)  # what is told to the log on a full disk
    with temporary() as place, running() as hub:
        faults = Faults(place, options.kinds.split(","), random.Random(options.seed), hub)
        if options.disks and hasattr(os, "getuid") and os.getuid() == 0:
            faults.bad += full_disks(place)
        faults.copies(options.copies)
        faults.kills(options.rounds)
        faults.cuts(options.cuts)
        faults.disks(options.disks)
        print(f"{faults.bad} problems")
        sys.exit(1 if faults.bad else 0)


if __name__ == "__main__":
    main()
