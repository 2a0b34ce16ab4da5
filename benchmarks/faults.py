"""Kills (SIGKILL) and full disks at random moments of everything that writes, and what the next start finds.

    python benchmarks/faults.py [--rounds 200] [--seed 1]

A process indexes files that keep changing, embeds, saves indexes, asks in chats, teaches and forgets examples, deletes
chats, adds and removes libraries, saves settings and backs up; in every fourth round it first migrates the data
directory of an earlier version. It says what it has done; it is killed at a random moment. What it had said has to be
there, and `hxd doctor --check` has to agree; in every fifth round `--repair` is killed as well and run again. As root,
small disks (tmpfs) are filled up besides, each with more room.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from measuring import machine

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import restore
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library import schema

WORK = """
import json, random, sys
from dataclasses import replace
from pathlib import Path
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up
data, folder, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
def say(kind, value):
    print(json.dumps([kind, value]), flush=True)
say("begun", 0)
assistant = Assistant.open(data)
say("opened", 0)
assistant.add_folder(folder)
number = 0
while True:
    number += 1
    for _ in range(12):
        path = folder / f"{chance.randrange(60)}.md"
        if chance.random() < 0.2:
            path.unlink(missing_ok=True)
        else:
            path.write_text(f"# {path.stem}\\n\\n" + f"Text {chance.random()} of it. " * chance.randrange(5, 400))
    assistant.index()
    say("indexed", 0)
    chat = assistant.create_conversation(f"chat {seed}-{number}")
    assistant.ask("What is the text of 7?", conversation=chat.id)
    say("chat", chat.id)
    if chance.random() < 0.3:
        say("deleting", chat.id)
        assistant.delete_conversation(chat.id)
    example = assistant.add_example(f"Question {seed}-{number}?", chance.random() < 0.5)
    say("example", example.id)
    if chance.random() < 0.3:
        say("forgetting", example.id)
        assistant.remove_example(example.id)
    answers = replace(assistant.settings.answers, quote_chars=150 + number)
    assistant.update_settings(replace(assistant.settings, answers=answers))
    say("settings", 0)
    name = f"other {number}"
    assistant.add_folder(folder, name)
    assistant.index(name)
    assistant.remove_library(name)
    say("library", 0)
    back_up(assistant.directory, folder.parent / "backup.zip")
    say("backup", 0)
"""
REPAIR = "import sys; from hxd_desktop.engine.assistant import Assistant; Assistant.repair(sys.argv[1])"
OURS = ("database", "documents", "words", "vectors", "leftovers")


def old_directory(data: Path) -> None:
    """A data directory as an earlier version made it."""
    steps, version = schema.STEPS, schema.SCHEMA_VERSION
    schema.STEPS, schema.SCHEMA_VERSION = steps[:2], 2
    try:
        data.mkdir(parents=True)
        import sqlite3

        connection = sqlite3.connect(data / "library.sqlite3", isolation_level=None)
        schema.migrate(connection, data / "library.sqlite3")
        connection.execute(
            "INSERT INTO conversations (title, libraries, created_at, updated_at) VALUES ('old','[]',1,1)"
        )
        for number in range(500):
            connection.execute(
                "INSERT INTO messages (conversation_id, role, text, created_at) VALUES (1, 'user', ?, 1)",
                (f"m {number}",),
            )
        connection.close()
    finally:
        schema.STEPS, schema.SCHEMA_VERSION = steps, version


def kill_after(command: list[str], seconds: float) -> list[tuple[str, int]]:
    """Run, kill, and return what it had said; its workers have to end by themselves."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    try:
        workers = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        workers = []
    process.kill()
    output, said = process.communicate()
    if process.returncode not in (-9, 0):
        raise SystemExit(f"it ended by itself: {said[-2000:]}")
    _, left = psutil.wait_procs(workers, timeout=10)
    if left:
        raise SystemExit(f"workers outlived their parent: {left}")
    return [tuple(json.loads(line)) for line in output.splitlines() if line.endswith("]")]


def problems(data: Path, chats: set[int], examples: set[int]) -> list[str]:
    assistant = Assistant.open(data)
    try:
        found = [f"{c.name}: {c.detail}" for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
        kept = {chat.id for chat in assistant.conversations()}
        found += [f"chat {chat} is lost" for chat in chats - kept]
        found += [f"chat {chat} is empty" for chat in chats & kept if len(assistant.messages(chat)) < 2]
        found += [f"example {e} is lost" for e in examples - {example.id for example in assistant.examples()}]
        assistant.index()
        there = {document.path for document in assistant.documents("default")}
        folders = [Path(folder.path) for library in assistant.libraries() for folder in library.folders]
        found += [f"{p} is missing" for f in folders for p in f.glob("*.md") if str(p) not in there]
    finally:
        assistant.close()
    return found


def rounds(place: Path, count: int, chance: random.Random) -> int:
    met, bad = Counter[str](), 0
    data, folder = place / "data", place / "folder"
    chats: set[int] = set()
    examples: set[int] = set()
    for number in range(count):
        if number % 4 == 0:
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            old_directory(data)
            chats, examples = {1}, set()
        command = [sys.executable, "-c", WORK, str(data), str(folder), str(number)]
        said = kill_after(command, chance.uniform(0.15, 0.5) if number % 4 == 0 else chance.uniform(0.3, 4.0))
        for kind, value in said:
            if kind == "chat":
                chats.add(value)
            elif kind == "deleting":
                chats.discard(value)
            elif kind == "example":
                examples.add(value)
            elif kind == "forgetting":
                examples.discard(value)
        met[said[-1][0] if said else "start"] += 1
        if (place / "backup.zip").exists():  # whenever it was killed, the file is a whole one
            shutil.rmtree(place / "restored", ignore_errors=True)
            restore(place / "backup.zip", place / "restored")
        if number % 5 == 4:
            kill_after([sys.executable, "-c", REPAIR, str(data)], chance.uniform(0.1, 0.6))
            Assistant.repair(data)
            met["repair"] += 1
        found = problems(data, chats, examples)
        for problem in found:
            print(f"  WRONG  round {number}: {problem}", flush=True)
        bad += len(found)
    print(f"{count} kills, after it had last said: {dict(met.most_common())}; {bad} problems")
    return bad


def full_disks(place: Path) -> int:
    """Index onto disks of 1 to 12 MB; nothing here where they cannot be mounted."""
    disk, folder, bad, full = place / "disk", place / "files", 0, 0
    disk.mkdir()
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.md").write_text(f"# {number}\n\n" + f"Text {number} of the disk. " * 300)
    for kilobytes in range(1000, 12_000, 500):
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            print("no small disks: mounting is not allowed here")
            return bad
        try:
            bad += full_disk(disk, folder, kilobytes)
            full += 1
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    print(f"{full} small disks; {bad} problems")
    return bad


def full_disk(disk: Path, folder: Path, kilobytes: int) -> int:
    try:
        assistant = Assistant.open(disk / "data")
        try:
            assistant.add_folder(folder)
            assistant.index()
        finally:
            assistant.close()
    except HxdError as error:
        if not error.remedy:
            return 1
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        print(f"  WRONG  {kilobytes} kB: {type(error).__name__}: {error}")
        return 1
    subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
    assistant = Assistant.open(disk / "data")
    try:
        assistant.add_folder(folder)
        assistant.index()
        wrong = [c for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
        documents = len(assistant.documents("default"))
    finally:
        assistant.close()
    for check in wrong:
        print(f"  WRONG  {kilobytes} kB: {check.name}: {check.detail}")
    return len(wrong) + (documents != 300)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(machine())
    logging.disable(logging.CRITICAL)  # what is told to the log on a full disk
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        bad = full_disks(Path(place)) if hasattr(os, "getuid") and os.getuid() == 0 else 0
        bad += rounds(Path(place), options.rounds, random.Random(options.seed))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
