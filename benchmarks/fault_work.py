"""What is interrupted by `faults.py`: a process that does one kind of work and says, line by line, what it has done.

    python benchmarks/fault_work.py KIND DISK SEED STEPS

Everything that the application writes lies below DISK: the data directory in `data`, backups beside it. Documents lie
beside DISK: no fault is meant for them.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up, restore
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.models import catalogue, packaged
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source

MARK = "Zwiebelquarz Hyperglimmerstein"  # in what is removed, and nowhere else
NAMES = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json")


def say(kind: str, value: object = None) -> None:
    sys.stdout.write(json.dumps([kind, value]) + "\n")
    sys.stdout.flush()


def fill(folder: Path, chance: random.Random, count: int = 12, of: int = 60) -> None:
    folder.mkdir(exist_ok=True)
    for _ in range(count):
        path = folder / f"{chance.randrange(of)}.md"
        say("changing", str(path))
        if chance.random() < 0.2:
            path.unlink(missing_ok=True)
        else:
            path.write_text(f"# {path.stem}\n\n" + f"Text {chance.random()} of it. " * chance.randrange(5, 400))


def indexed(assistant: Assistant, library: str = "default") -> None:
    assistant.index(library)
    say("indexed", [d.path for d in assistant.documents(library, state=DocumentState.INDEXED)])


def chat(assistant: Assistant, question: str = "What is the text of 7?") -> int:
    made = assistant.create_conversation("a chat")
    answer = assistant.ask(question, conversation=made.id)
    say("chat", [made.id, answer.outcome.value])
    return made.id


def index(disk: Path, chance: random.Random) -> Callable[[], None]:
    assistant = Assistant.open(disk / "data")
    assistant.add_folder(disk.parent / "folder")
    say("opened")

    def step() -> None:
        fill(disk.parent / "folder", chance)
        indexed(assistant)

    return step


def migration(disk: Path, chance: random.Random) -> Callable[[], None]:
    """The data directory is that of an earlier version: opening it is the work."""

    def step() -> None:
        assistant = Assistant.open(disk / "data")
        say("opened")
        fill(disk.parent / "folder", chance, 4)
        assistant.add_folder(disk.parent / "folder")
        indexed(assistant)
        chat(assistant)
        assistant.close()

    return step


def embedder(disk: Path, chance: random.Random) -> Callable[[], None]:
    assistant = Assistant.open(disk / "data")
    assistant.add_folder(disk.parent / "folder")
    say("opened")

    def step() -> None:
        fill(disk.parent / "folder", chance, 6)
        indexed(assistant)
        other = "builtin" if assistant.settings.models.embedder == "tiny" else "tiny"
        say("choosing", other)
        assistant.use_model(other)
        say("embedder", other)
        chat(assistant)

    return step


def download(disk: Path, _: random.Random) -> Callable[[], None]:
    files = tuple(CatalogueFile(name, name) for name in NAMES)
    entry = Entry(
        "fetched", "embedder", "tiny", "MIT", ("en",), 64, 1000, 2000, {}, files, (Source("huggingface", "org/tiny"),)
    )
    catalogue.entries = lambda: (entry,)
    packaged.find = lambda: None
    assistant = Assistant.open(disk / "data")
    say("opened")

    def step() -> None:
        assistant.download_model("fetched")
        say("model", "fetched")
        chat(assistant)
        say("removing", "fetched")
        assistant.remove_model("fetched")
        assistant.import_model(disk.parent / "taken.gguf")
        say("model", "taken")
        say("removing", "taken")
        assistant.remove_model("taken")

    return step


def talk(disk: Path, chance: random.Random) -> Callable[[], None]:
    assistant = Assistant.open(disk / "data")
    say("opened")

    def step() -> None:
        made = chat(assistant, "What is the text of 7?")
        assistant.chats.set_draft(made, f"draft of {made}")
        say("draft", made)
        assistant.ask("And of 8?", conversation=made)
        say("turn", made)
        if chance.random() < 0.3:
            say("deleting", made)
            assistant.delete_conversation(made)

    return step


def backup(disk: Path, chance: random.Random) -> Callable[[], None]:
    assistant = Assistant.open(disk / "data")
    assistant.add_folder(disk.parent / "folder")
    say("opened")

    def step() -> None:
        fill(disk.parent / "folder", chance, 4)
        indexed(assistant)
        chat(assistant)
        back_up(assistant.directory, disk / "backup.zip", models=chance.random() < 0.5)
        say("backup")
        name = f"restored-{time.time_ns()}"
        restore(disk / "backup.zip", disk / name)
        say("restored", name)
        if chance.random() < 0.5:
            say("restored", "")
            shutil.rmtree(disk / name)

    return step


def removal(disk: Path, chance: random.Random) -> Callable[[], None]:
    secret = disk.parent / "secret"

    def step() -> None:
        assistant = Assistant.open(disk / "data")
        try:
            secret.mkdir(exist_ok=True)
            (secret / "secret.md").write_text(f"# Kept apart\n\n{f'The {MARK} lies in the cellar. ' * 60}")
            say("secret")
            library = chance.choice(("default", "private"))
            folder = assistant.add_folder(secret, library)
            assistant.index(library)
            fill(disk.parent / "folder", chance, 6)
            assistant.add_folder(disk.parent / "folder")
            indexed(assistant)
            say("hiding")
            if library == "private":
                assistant.remove_library(library)
            else:
                assistant.remove_folder(folder.id)
            shutil.rmtree(secret)
            say("removed")
        finally:
            assistant.close()
        if chance.random() < 0.5:
            Assistant.repair(disk / "data")
            say("repaired")

    return step


def settings(disk: Path, chance: random.Random) -> Callable[[], None]:
    from hxd_desktop.ui.window_state import WindowState

    assistant = Assistant.open(disk / "data")
    state = WindowState(disk / "data")
    say("opened")
    number = assistant.settings.answers.quote_chars

    def step() -> None:
        nonlocal number
        for _ in range(5):
            number = number + 1 if number < 900 else 200
            say("setting", number)
            answers = replace(assistant.settings.answers, quote_chars=number)
            assistant.update_settings(replace(assistant.settings, answers=answers))
            say("set", number)
            state.set("names", [str(number)] * 50)
            state.save()
            say("window", number)
            limit = round(chance.uniform(0.3, 0.9), 3)
            say("limiting", limit)
            assistant.calibrate(threshold=limit)
            say("limit", limit)
            example = assistant.add_example(f"Question {time.time_ns()}?", chance.random() < 0.5)
            say("example", example.id)
            if chance.random() < 0.3:
                say("forgetting", example.id)
                assistant.remove_example(example.id)

    return step


KINDS: dict[str, Callable[[Path, random.Random], Callable[[], None]]] = {
    "index": index,
    "migration": migration,
    "embedder": embedder,
    "download": download,
    "talk": talk,
    "backup": backup,
    "removal": removal,
    "settings": settings,
}


def main() -> int:
    kind, disk, seed, steps = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    logging.disable(logging.CRITICAL)  # standard error is for what nobody caught
    say("begun")
    try:
        step = KINDS[kind](disk, random.Random(seed))
        for _ in range(steps):
            step()
    except HxdError as error:
        say("error", [error.title, error.message, error.remedy])
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
