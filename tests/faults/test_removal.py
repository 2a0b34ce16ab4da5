"""What was removed is in no file of the data directory: every byte of every file is looked through."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hxd_desktop.cli.logs import logging_to
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up
from hxd_desktop.engine.library import catalog, purging
from hxd_desktop.engine.library.embeddings import decode
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import IndexSettings, Settings
from hxd_desktop.engine.text.words import index_terms
from hxd_desktop.ui.window_state import WindowState
from tests.support import tiny_onnx

SECRET = "Zwiebelquarz Hyperglimmerstein"  # nowhere else, and stemmed when it is indexed
SECRET_CJK = "魑魅魍魉饕餮"
TITLE, HEADING, NAME = "Xylotrophenverzeichnis", "Quastenflosserabschnitt", "wolpertingerakte"
MARKS = (*SECRET.split(), SECRET_CJK, TITLE, HEADING, NAME)


def needles() -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for mark in MARKS:
        forms = {mark, mark.lower(), *(term for term in index_terms(mark).split() if len(term) > 3)}
        if mark == SECRET_CJK:  # which is indexed by pairs of characters; none of these is anywhere else
            forms |= {mark[at : at + 2] for at in range(len(mark) - 1)}
        for form in forms:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                found[form.encode(encoding)] = f"{form} in {encoding}"
        found[json.dumps(mark)[1:-1].encode()] = f"{mark} escaped"
    return found


def left(data: Path) -> set[str]:
    """Return where anything of the marks stands, as "file: what"."""
    return {
        f"{path.relative_to(data)}: {what}"
        for path in data.rglob("*")
        if path.is_file()
        for needle, what in needles().items()
        if needle in path.read_bytes()
    }


def vectors_of(assistant: Assistant, path: Path) -> list[bytes]:
    """Pieces of the vectors of a document's passages, as the database and as an index keeps them."""
    rows = assistant._database.reader.execute(
        "SELECT e.vector FROM chunks c JOIN documents d ON d.id = c.document_id JOIN embeddings e ON e.key = c.key"
        " WHERE d.path = ?",
        (str(path),),
    ).fetchall()
    numbers = decode([row[0] for row in rows], assistant._models.embedder.dim).astype(np.float16)
    return [row[0][-48:] for row in rows] + [vector.tobytes()[-96:] for vector in numbers]


def vectors_left(data: Path, pieces: list[bytes]) -> set[str]:
    return {
        path.name
        for path in data.rglob("*")
        if path.is_file()
        for piece in pieces
        if piece.strip(b"\0") and piece in path.read_bytes()
    }


def secret_text() -> str:
    body = f"The {SECRET} lies under the {SECRET_CJK}库房 of the seventh cellar, behind the oak door.\n\n" * 40
    return f"# {TITLE}\n\n{body}\n## {HEADING}\n\n{body}"


def fill(folder: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    words = [f"{a}{b}{n}" for a in ("red", "blue", "oak", "mill") for b in ("stone", "river") for n in range(60)]
    for number in range(count):
        text = "\n\n".join(" ".join(chance.choices(words, k=60)) for _ in range(chance.randint(1, 12)))
        (folder / f"plain-{seed}-{number}.md").write_text(f"# Plain {number}\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    folder, data = tmp_path / "folder", tmp_path / "data"
    fill(folder, 60, 1)
    Settings(index=IndexSettings(workers=1)).save(data / "settings.toml")
    return folder, data


@pytest.fixture
def assistant(places: tuple[Path, Path]) -> Iterator[Assistant]:
    opened = Assistant.open(places[1])
    yield opened
    opened.close()


def add_secret(folder: Path) -> Path:
    path = folder / "sub" / f"{NAME}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(secret_text(), encoding="utf-8")
    return path


def test_a_document_that_was_deleted_from_the_disk(places: tuple[Path, Path], assistant: Assistant) -> None:
    folder, data = places
    assistant.add_folder(folder)
    assistant.index()
    secret = add_secret(folder)
    assistant.index()
    assert len({line.split(": ")[1] for line in left(data)}) >= len(MARKS), "the search finds what is there"
    assert assistant.ask(f"Where does the {SECRET} lie?").sources  # nor does a question leave anything
    fill(folder, 60, 2)
    assistant.index()
    vectors = vectors_of(assistant, secret)
    assert len({name.rpartition(".")[2] for name in vectors_left(data, vectors)}) == 2, "database and index hold them"
    secret.unlink()
    assistant.index()
    assert purging.due(assistant._database.reader)
    assistant.close()
    assert left(data) == set()
    assert vectors_left(data, vectors) == set()
    again = Assistant.open(data)
    assert again.search("oakstone7 millriver9", limit=3), "the rest is found as before"
    assert [check.detail for check in again.check(compare=True) if not check.ok] == []
    again.close()


def test_a_folder_is_removed_while_the_application_runs(
    places: tuple[Path, Path], assistant: Assistant, tmp_path: Path
) -> None:
    folder, data = places
    other = tmp_path / "other"
    fill(other, 20, 3)
    assistant.add_folder(folder)
    add_secret(other)
    removed = assistant.add_folder(other)
    assistant.index()
    assert left(data)
    vectors = vectors_of(assistant, other / "sub" / f"{NAME}.md")
    assert vectors_left(data, vectors)
    assistant.remove_folder(removed.id)
    assert vectors_left(data, vectors) == set()
    assert {line for line in left(data) if not line.startswith("vectors")} == set()
    assert left(data) == set()
    assert len(assistant.documents("default")) == 60


def test_a_library_is_removed_with_its_runs_examples_and_abbreviations(
    places: tuple[Path, Path], assistant: Assistant, tmp_path: Path
) -> None:
    folder, data = places
    secret = add_secret(folder)
    secret.write_text(secret_text() + f"\n\nThe {TITLE} Rundgang Institut (TRI) is open. The TRI closes.\n", "utf-8")
    assistant.add_folder(folder, "private")
    assistant.index("private")
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        json.dumps({"id": 1, "question": "What lies under the seventh cellar behind the oak door?", "answers": [["x"]]})
    )
    assistant.evaluate_qa(questions, "private")
    assistant.add_example(f"Where is the {SECRET}?", True, "private")
    assert left(data)
    vectors = vectors_of(assistant, secret)
    assistant.remove_library("private")
    assert left(data) == set()
    assert vectors_left(data, vectors) == set()
    assert not assistant._database.reader.execute("SELECT * FROM abbreviations").fetchall()


def test_answers_of_an_evaluation_that_quote_a_document_go_with_it(
    places: tuple[Path, Path], assistant: Assistant, tmp_path: Path
) -> None:
    folder, data = places
    secret = add_secret(folder)
    assistant.add_folder(folder)
    assistant.index()
    questions = tmp_path / "questions.jsonl"
    asked = ("What lies under the seventh cellar behind the oak door?", "What is written on oakstone7 redriver3?")
    questions.write_text("\n".join(json.dumps({"id": q, "question": q, "answers": [["x"]]}) for q in asked))
    assistant.evaluate_qa(questions)
    secret.unlink()
    assistant.index()
    assistant.close()
    assert left(data) == set()


def test_an_example_and_a_chat_are_forgotten(places: tuple[Path, Path], assistant: Assistant) -> None:
    folder, data = places
    assistant.add_folder(folder)
    assistant.index()
    for number in range(6):
        assistant.add_example(f"How is oakstone{number} kept?", number % 2 == 0)
    example = assistant.add_example(f"Where is the {SECRET} of {SECRET_CJK}?", True)
    chat = assistant.create_conversation()
    assistant.ask(f"Where is the {SECRET} of {SECRET_CJK}?", conversation=chat.id)
    assistant.chats.set_draft(chat.id, f"And the {TITLE}? {NAME} {HEADING}")
    assert left(data)
    assistant.remove_example(example.id)
    assistant.delete_conversation(chat.id)
    assert left(data) == set()


def test_a_purge_that_was_killed_is_done_at_the_next_end(places: tuple[Path, Path], assistant: Assistant) -> None:
    folder, data = places
    secret = add_secret(folder)
    assistant.add_folder(folder)
    assistant.index()
    fill(folder, 10, 4)
    assistant.index()
    (document,) = [d for d in assistant.documents("default") if d.path == str(secret)]
    assistant._database.write(lambda c: catalog.remove_documents(c, catalog.library_id(c, "default"), [document.id]))
    copy = data.with_name("killed")
    shutil.copytree(data, copy)  # as the disk is when the process dies here
    assert purging.due(assistant._database.reader)
    assert left(copy)
    Assistant.open(copy).close()
    assert left(copy) == set()


def test_nothing_stays_in_logs_window_memory_trash_drafts_or_an_embedder_of_before(
    places: tuple[Path, Path], assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """All that a person does with a document in between, with a talkative log."""
    folder, data = places
    assistant.close()
    directory = DataDirectory(data)
    with logging_to(directory), caplog.at_level(logging.INFO):
        for handler in logging.getLogger().handlers:
            handler.setLevel(logging.INFO)
        logging.getLogger("hxd_desktop").warning("the log is there")
        again = Assistant.open(data)
        try:
            again.add_folder(folder)
            secret = add_secret(folder)
            again.index()
            again.import_model(tiny_onnx.make_embedder(tmp_path / "tiny"))
            again.use_model("tiny")
            again.ask(f"Where does the {SECRET} lie?")
            again.search(f"{SECRET} {SECRET_CJK}")
            again.chats.set_draft(0, f"And the {TITLE}?")
            chat = again.create_conversation()
            again.ask(f"What is the {SECRET_CJK} of {SECRET}?", conversation=chat.id)
            again.chats.trash(chat.id)
            again.calibrate(threshold=0.9)
            state = WindowState(data)
            state.set("asked", ["default"])
            state.save()
            again.retry("default", [str(secret)])
            assert left(data)
            secret.unlink()
            again.index()
            again.chats.set_draft(0, "")
        finally:
            again.close()
        # What is in the trash when the window is killed is erased at the next start.
        Assistant.open(data).close()
        assert left(data) == set()
        names = {path.suffix for path in data.rglob("*") if path.is_file()}
        assert {".sqlite3", ".ini", ".log", ".usearch"} <= names, "each of them was looked through"


def test_the_search_sees_what_is_squeezed_or_wide() -> None:
    """The needles themselves: in the encodings and forms in which a text may lie in a file."""
    found = needles()
    for mark in MARKS:
        assert mark.encode() in found and mark.encode("utf-16-le") in found and mark.lower().encode() in found
    assert "魑魅".encode() in found and "魑魅".encode("utf-16-be") in found


def test_the_copy_that_a_killed_backup_left_goes_with_the_next_one(
    places: tuple[Path, Path], assistant: Assistant, tmp_path: Path
) -> None:
    target = tmp_path / "backups"
    old = time.time() - 2 * 3600
    for name in (".hxd-backup-old", ".hxd-backup-young"):
        copy = target / name / "library.sqlite3"
        copy.parent.mkdir(parents=True)
        copy.write_text(SECRET)
        if name.endswith("old"):
            os.utime(copy, (old, old))
            os.utime(copy.parent, (old, old))
    back_up(assistant.directory, target / "backup.zip")
    assert {path.name for path in target.iterdir()} == {"backup.zip", ".hxd-backup-young"}, "one may be at work"
