"""Where `faults.py` lets things go wrong: a data directory with all there is, and what has to be true afterwards."""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from fault_work import MARK, fill

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import restore
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library import schema
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.settings import IndexSettings, Settings
from tests.support import tiny_gguf, tiny_onnx

OURS = ("database", "documents", "words", "vectors", "leftovers")
OLD_CHATS = 500  # messages in the directory of an earlier version


@dataclass
class Told:
    """What the process had said when it ended."""

    lines: list[tuple[str, object]] = field(default_factory=list)
    chats: dict[int, int] = field(default_factory=dict)  # turns by id
    drafts: set[int] = field(default_factory=set)
    indexed: set[str] = field(default_factory=set)
    examples: set[int] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    embedders: set[str] = field(default_factory=set)
    setting: int = 0
    limits: set[float | None] = field(default_factory=lambda: {None})
    secret: bool = False
    backup: bool = False

    def hear(self, lines: Iterable[tuple[str, object]]) -> None:
        """Take up what was said, in order."""
        for kind, value in lines:
            self.lines.append((kind, value))
            match kind, value:
                case "chat", [int(chat), str(outcome)]:
                    self.chats[chat] = 0 if outcome == "cancelled" else 1
                case "turn", int(chat):
                    self.chats[chat] = 2
                case "draft", int(chat):
                    self.drafts.add(chat)
                case "deleting", int(chat):
                    self.chats.pop(chat, None)
                    self.drafts.discard(chat)
                case "indexed", list(paths):
                    self.indexed = set(paths)
                case "changing", str(path):
                    self.indexed.discard(path)
                case "example", int(example):
                    self.examples.add(example)
                case "forgetting", int(example):
                    self.examples.discard(example)
                case "model", str(model):
                    self.models.add(model)
                case "removing", str(model):
                    self.models.discard(model)
                case "restored", str(name):
                    self.restored = {name} if name else set()
                case "choosing", str(model):
                    self.embedders.add(model)
                case "embedder", str(model):
                    self.embedders = {model}
                case "set", int(number):
                    self.setting = number
                case "limiting", float(limit):
                    self.limits.add(limit)
                case "limit", float(limit):
                    self.limits = {limit}
                case "secret", _:
                    self.secret = True
                case "hiding", _:
                    self.indexed = {path for path in self.indexed if "secret" not in path}
                case "removed", _:
                    self.secret = False
                case "backup", _:
                    self.backup = True

    @property
    def last(self) -> str:
        return self.lines[-1][0] if self.lines else "start"


def template(place: Path) -> Path:
    """Make a place with documents, an index, models, chats and examples; it is copied for each kind of work."""
    made = place / "template"
    data, folder = made / "disk" / "data", made / "folder"
    made.mkdir()
    tiny_gguf.make(made / "taken.gguf", script=["▁the", "▁answer", "▁is"])
    tiny_onnx.make_embedder(made / "tiny")
    Settings(index=IndexSettings(workers=1)).save(data / "settings.toml")
    with contextlib.redirect_stdout(io.StringIO()):  # it says what it does
        fill(folder, random.Random(0), 200, 60)
    assistant = Assistant.open(data)
    try:
        assistant.add_folder(folder)
        assistant.index()
        assistant.import_model(made / "tiny")
        for number in range(20):
            chat = assistant.create_conversation(f"old {number}")
            assistant.chats.add_exchange(chat.id, f"Question {number}?", "An answer. " * 50, {})
        for number in range(12):
            assistant.add_example(f"What is the text of {number}?", number % 2 == 0)
    finally:
        assistant.close()
    return made


def fresh(made: Path, place: Path, kind: str) -> tuple[Path, Told]:
    """Put a copy of the template at `place`, as the kind of work needs it; return its disk and what is promised."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(made, place)
    data = place / "disk" / "data"
    told = Told(embedders={"builtin"})
    with contextlib.closing(sqlite3.connect(data / "library.sqlite3")) as connection:  # its folder has moved
        connection.execute("UPDATE folders SET path = ?", (str(place / "folder"),))
        connection.execute(
            "UPDATE documents SET path = replace(path, ?, ?)", (str(made / "folder"), str(place / "folder"))
        )
        connection.commit()
    if kind == "migration":
        shutil.rmtree(data)
        old_directory(data)
        told.chats = {1: OLD_CHATS // 2}
        return place / "disk", told
    assistant = Assistant.open(data)
    try:
        if kind == "talk":
            model = assistant.import_model(place / "taken.gguf")["id"]
            assistant.use_model(model)
            told.models.add(model)
        assistant.index()
        told.chats = {chat.id: 1 for chat in assistant.conversations()}
        told.examples = {example.id for example in assistant.examples()}
        told.indexed = {d.path for d in assistant.documents("default", state=DocumentState.INDEXED)}
        told.models.add("tiny")
        number = assistant.settings.answers.quote_chars
        assistant.update_settings(
            replace(assistant.settings, answers=replace(assistant.settings.answers, quote_chars=number))
        )
        told.setting = number
    finally:
        assistant.close()
    return place / "disk", told


def old_directory(data: Path) -> None:
    """A data directory as an earlier version made it."""
    steps, version = schema.STEPS, schema.SCHEMA_VERSION
    schema.STEPS, schema.SCHEMA_VERSION = steps[:2], 2
    try:
        data.mkdir(parents=True)
        with contextlib.closing(sqlite3.connect(data / "library.sqlite3", isolation_level=None)) as connection:
            schema.migrate(connection, data / "library.sqlite3")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "INSERT INTO conversations (title, libraries, created_at, updated_at) VALUES ('old','[]',1,1)"
            )
            for number in range(OLD_CHATS):
                connection.execute(
                    "INSERT INTO messages (conversation_id, role, text, created_at) VALUES (1, ?, ?, 1)",
                    (("user", "assistant")[number % 2], f"m {number}"),
                )
    finally:
        schema.STEPS, schema.SCHEMA_VERSION = steps, version


def problems(disk: Path, told: Told, *, complete: bool = True) -> list[str]:
    """Open what was left as the next start does, and return what is not as it was said to be.

    Args:
        disk: What was left.
        told: What was said.
        complete: Whether to index to the end as well.
    """
    data = disk / "data"
    try:
        Settings.load(data / "settings.toml")
        assistant = Assistant.open(data)
    except HxdError as error:
        return [f"it does not open: {error}"]
    try:
        found = [f"{c.name}: {c.detail}" for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
        found += _chats(assistant, told)
        there = {d.path for d in assistant.documents("default", state=DocumentState.INDEXED)}
        found += [f"{path} was indexed and is not" for path in told.indexed - there]
        found += [f"example {e} is lost" for e in told.examples - {example.id for example in assistant.examples()}]
        found += _models(data, told)
        found += _settings(assistant, told)
        if complete:
            if any(library.name == "default" for library in assistant.libraries()):
                assistant.index()
                (known,) = [library.folders for library in assistant.libraries() if library.name == "default"]
                there = {d.path for d in assistant.documents("default", state=DocumentState.INDEXED)}
                files = [path for folder in known for path in Path(folder.path).glob("*.md") if path.stat().st_size]
                found += [f"{path} is missing" for path in files if str(path) not in there]
            assistant.ask("What is the text of 7?")
    finally:
        assistant.close()
    found += _elsewhere(disk, told)
    if not told.secret and complete:
        found += [f"{path} holds what was removed" for path in _files(data) if _secret_in(path)]
    return found


def _files(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file()]


def _secret_in(path: Path) -> bool:
    content = path.read_bytes()
    return any(word.encode(code) in content for word in MARK.split() for code in ("utf-8", "utf-16-le"))


def _chats(assistant: Assistant, told: Told) -> list[str]:
    kept = {chat.id for chat in assistant.conversations()}
    found = [f"chat {chat} is lost" for chat in told.chats.keys() - kept]
    short = [chat for chat in told.chats.keys() & kept if len(assistant.messages(chat)) < 2 * told.chats[chat]]
    found += [f"messages of chat {chat} are lost" for chat in short]
    drafts = assistant.chats.drafts()
    found += [f"the draft of chat {chat} is lost" for chat in told.drafts if chat not in drafts]
    return found


def _models(data: Path, told: Told) -> list[str]:
    registry, found = ModelRegistry(data / "models"), []
    rows = {row["id"]: row for row in registry.list() if row["path"]}
    for model, row in rows.items():
        if (data / "models" / model).is_dir() and (row["state"] != "ready" or not registry.is_whole(model)):
            found.append(f"model {model} is not whole ({row['state']})")
    return found + [f"model {model} is lost" for model in told.models - rows.keys()]


def _settings(assistant: Assistant, told: Told) -> list[str]:
    found, settings = [], assistant.settings
    if told.embedders and settings.models.embedder not in told.embedders:
        found.append(f"embedder {settings.models.embedder} instead of {told.embedders}")
    if told.setting and settings.answers.quote_chars not in (told.setting, told.setting + 1):
        found.append(f"setting {settings.answers.quote_chars} instead of {told.setting}")
    if told.limits != {None}:
        kept = assistant._database.reader.execute("SELECT calibration FROM libraries WHERE name = 'default'").fetchone()
        limit = json.loads(kept[0] or "{}").get("threshold")
        if limit not in told.limits:
            found.append(f"limit {limit} instead of {told.limits}")
    window = assistant.directory.root / "window.ini"
    if window.exists():
        names = re.findall(r"\d+", window.read_text("utf-8").partition("names=")[2].partition("\n")[0])
        if names and (len(names) != 50 or len(set(names)) != 1):
            found.append(f"the window's memory is mixed: {names[:3]}, {len(names)}")
    return found


def _elsewhere(disk: Path, told: Told) -> list[str]:
    """Backups and what was restored from them."""
    found = []
    if told.backup and not (disk / "backup.zip").exists():
        found.append("the backup is lost")
    wholes = [disk / name for name in told.restored]
    with tempfile.TemporaryDirectory() as place:
        if (disk / "backup.zip").exists():
            try:
                restore(disk / "backup.zip", Path(place, "restored"))
                wholes.append(Path(place, "restored"))
            except HxdError as error:
                found.append(f"the backup: {error}")
        for folder in wholes:
            try:
                assistant = Assistant.open(folder)
            except HxdError as error:
                found.append(f"{folder}: {error}")
                continue
            bad = [c for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
            found += [f"{folder}: {c.name}: {c.detail}" for c in bad]
            if told.restored and not assistant.conversations():
                found.append(f"{folder}: its chats are gone")
            assistant.close()
    return found
