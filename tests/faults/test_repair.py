"""`doctor --repair`: each damage, what is told, and that all agrees afterwards with nothing of the user's lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import salvage
from hxd_desktop.engine.library.schema import SCHEMA_VERSION
from hxd_desktop.engine.settings import IndexSettings, Settings

FILES = 40
PAGE = 4096
QUESTION = "How often is the coffee machine of floor 7 cleaned?"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with documents, conversations and examples; copied for each test."""
    place = tmp_path_factory.mktemp("whole")
    folder = place / "folder"
    folder.mkdir()
    for number in range(FILES):
        text = f"# Floor {number}\n\nThe coffee machine of floor {number} is cleaned every {number} days.\n\n"
        (folder / f"{number:02}.md").write_text(text + "\n\n".join(f"Room {number}-{k}. " * 40 for k in range(8)))
    Settings(index=IndexSettings(workers=1)).save(place / "data" / "settings.toml")
    assistant = Assistant.open(place / "data")
    assistant.add_folder(folder)
    assistant.index()
    for number in range(30):
        chat = assistant.create_conversation()
        for turn in range(4):
            assistant.chats.add_exchange(chat.id, f"Question {turn} of chat {number}", "Answer. " * 200, {"n": number})
    for number in range(12):
        assistant.add_example(f"What is the rule for floor {number}?", number % 2 == 0)
    assistant.close()
    return place


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole / "data", tmp_path / "data")
    return tmp_path / "data"


def wrong(data: Path) -> dict[str, str]:
    """What `doctor --check` finds, but for what this machine lacks."""
    try:
        assistant = Assistant.open(data, writable=False)
    except StorageError as error:
        assert error.remedy
        return {"data directory": error.message}
    try:
        checks = [check for check in assistant.check(compare=True) if not check.ok]
        assert all(check.remedy for check in checks)
        return {check.name: check.detail for check in checks if check.name not in ("machine", "data directory")}
    except StorageError as error:
        assert error.remedy
        return {"database": error.message}
    finally:
        assistant.close()


def repaired(data: Path) -> dict[str, str]:
    done = {repair.name: repair.detail for repair in Assistant.repair(data)}
    assert wrong(data) == {}
    return done


def sql(script: str) -> Callable[[Path], None]:
    def damage(data: Path) -> None:
        with closing(sqlite3.connect(data / "library.sqlite3")) as connection:
            connection.executescript(script)

    return damage


def rewrite(pattern: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(data: Path) -> None:
        (path,) = data.glob(pattern)
        path.write_bytes(change(path.read_bytes()))

    return damage


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x55]) + content[middle + 1 :]


SMALL = {
    "a chunk is missing": (sql("DELETE FROM chunks WHERE id = 1"), "documents"),
    "a chunk holds another text": (sql("UPDATE chunks SET text = 'longer' WHERE id = 1"), "documents"),
    "chunks of no document": (
        sql("PRAGMA foreign_keys = OFF; INSERT INTO chunks SELECT 9999, 9999, 0, 0, NULL, '', 'x', x'00'"),
        "documents",
    ),
    "a document of no folder": (
        sql("PRAGMA foreign_keys = OFF; UPDATE documents SET folder_id = 99 WHERE id = 1"),
        "documents",
    ),
    "documents are miscounted": (sql("UPDATE document_sizes SET chunks = chunks + 1"), "documents"),
    "full text has rows of nothing": (
        sql("INSERT INTO words_1 (rowid, terms) VALUES (99999, 'x')"),
        "words of default",
    ),
    "full text is gone": (sql("DROP TABLE words_1"), "words of default"),
    "full text lacks a row": (sql("DELETE FROM words_1_docsize WHERE id = 3"), "words of default"),
    "full text is damaged": (sql("UPDATE words_1_data SET block = x'00' WHERE id > 100"), "words of default"),
    "embeddings are gone": (sql("DELETE FROM embeddings"), "vectors of default"),
    "embeddings are cut": (sql("UPDATE embeddings SET vector = substr(vector, 1, 7)"), "vectors of default"),
    "the queue names what has a vector": (sql("INSERT INTO vector_queue VALUES (1, 2)"), "vectors of default"),
}


@pytest.mark.parametrize("damage", SMALL)
def test_what_does_not_agree_is_mended(data: Path, damage: str) -> None:
    do, name = SMALL[damage]
    do(data)
    assert name in wrong(data)
    assert name in repaired(data)
    assert Assistant.repair(data) == [], "nothing is left to mend"
    assistant = Assistant.open(data)
    try:
        assistant.index()
        assert len(assistant.documents("default", state=DocumentState.INDEXED)) == FILES
        assert Path(assistant.search("floor 7 coffee machine", limit=1)[0].document).name == "07.md"
        assert len(assistant.conversations()) == 30
        assert [check for check in assistant.check(compare=True) if not check.ok and "of default" in check.name] == []
    finally:
        assistant.close()


INDEX = {
    "missing": lambda data: [path.unlink() for path in (data / "vectors").iterdir()],
    "without its vectors": lambda data: next((data / "vectors").glob("*.usearch")).unlink(),
    "truncated": rewrite("vectors/*.usearch", lambda content: content[: len(content) // 2]),
    "empty": rewrite("vectors/*.usearch", lambda content: b""),
    "with flipped bytes": rewrite("vectors/*.usearch", flipped),
    "described by nonsense": rewrite("vectors/*.json", lambda content: b"[" * 100_000),
    "described by another type": rewrite("vectors/*.json", lambda content: b'{"file": 3, "bytes": "x", "dim": null}'),
}


@pytest.mark.parametrize("damage", INDEX)
def test_an_index_file_that_is_of_no_use_is_made_anew(data: Path, damage: str) -> None:
    INDEX[damage](data)
    assert wrong(data) == {}, "it is rebuilt in memory: nobody misses a hit"
    assert "made anew" in repaired(data)["vectors of default"]
    assert Assistant.repair(data) == []


def big(data: Path) -> tuple[int, int]:
    assistant = Assistant.open(data, writable=False)
    try:
        messages = sum(len(assistant.messages(chat.id)) for chat in assistant.conversations())
        return messages, len(assistant.examples())
    finally:
        assistant.close()


def page_of(data: Path, needle: bytes) -> int:
    return (data / "library.sqlite3").read_bytes().index(needle) // PAGE


def freelist(data: Path) -> None:
    """Point the list of free pages at a page in use."""
    with open(data / "library.sqlite3", "rb+") as stream:
        stream.seek(32)
        stream.write((2).to_bytes(4, "big") + (3).to_bytes(4, "big"))


def overwrite(data: Path, first: int, count: int) -> None:
    with open(data / "library.sqlite3", "rb+") as stream:
        stream.seek(first)
        stream.write(b"\xa5" * count)


@pytest.mark.parametrize(
    ("damage", "lost"),
    [
        (lambda data: overwrite(data, 0, 100), 0),
        (lambda data: overwrite(data, 0, 16), 0),
        (lambda data: overwrite(data, 0, PAGE), 0),
        (lambda data: overwrite(data, page_of(data, b"Room 11-3.") * PAGE, PAGE), 0),
        (lambda data: overwrite(data, page_of(data, b"Question 2 of chat 11") * PAGE, PAGE), 4),
        (lambda data: freelist(data), 0),
        (
            lambda data: os.truncate(
                data / "library.sqlite3", (data / "library.sqlite3").stat().st_size // PAGE * PAGE - PAGE
            ),
            4,
        ),
    ],
    ids=["header", "magic", "first page", "a page of documents", "a page of messages", "free pages", "last page"],
)
def test_a_damaged_database_is_replaced_by_what_can_be_read(
    data: Path, whole: Path, damage: Callable[[Path], None], lost: int
) -> None:
    messages, examples = big(data)
    damage(data)
    if not wrong(data):
        pytest.fail("the damage was not found")
    told = repaired(data)["database"]
    (kept,) = data.glob("library.sqlite3.damaged-*")
    assert kept.name in told
    assert "conversations" in told
    now = big(data)
    assert now[0] >= messages - 2 * lost
    assert now[1] == examples
    assistant = Assistant.open(data)
    try:
        (library,) = assistant.libraries()
        assert [Path(folder.path).name for folder in library.folders] == ["folder"]
        assistant.index()
        assert len(assistant.documents("default", state=DocumentState.INDEXED)) == FILES
        assert assistant.chats.search("chat 3")
        chat = assistant.create_conversation()
        assistant.ask(QUESTION, conversation=chat.id)
    finally:
        assistant.close()
    assert wrong(data) == {}
    assert Assistant.repair(data) == []


def test_a_salvage_that_was_killed_after_the_log_had_gone(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(data / "library.sqlite3", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE conversations SET title = 'only in the log' WHERE id = 30")
        kept = {path.name: path.read_bytes() for path in data.glob("library.sqlite3-*")}
    for name, content in kept.items():  # as a kill leaves them
        (data / name).write_bytes(content)
    overwrite(data, page_of(data, b"Room 11-3.") * PAGE, PAGE)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(salvage, "put_in_place", killed)
        with pytest.raises(KeyboardInterrupt):
            Assistant.repair(data)
    assert not (data / "library.sqlite3-wal").exists()
    assert "saved" in repaired(data)["database"]
    assistant = Assistant.open(data)
    try:
        assert "only in the log" in {chat.title for chat in assistant.conversations()}
    finally:
        assistant.close()


def test_the_log_is_deleted(data: Path) -> None:
    """What was only in it is gone with it, but what is left agrees, or is mended."""
    with closing(sqlite3.connect(data / "library.sqlite3", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE conversations SET title = 'only in the log'")
        connection.execute("DELETE FROM chunks WHERE id > 5")
        kept = (data / "library.sqlite3").read_bytes()
    (data / "library.sqlite3").write_bytes(kept)
    for log in data.glob("library.sqlite3-*"):
        log.unlink()
    assert wrong(data) == {}
    assert len(big(data)) == 2


def test_what_is_no_database_at_all(data: Path) -> None:
    (data / "library.sqlite3").write_bytes(b"not at all a database\n" * 1000)
    assert "data directory" in wrong(data)
    assert "saved: nothing" in repaired(data)["database"] or "libraries" in repaired(data)["database"]


def test_messages_whose_conversation_is_gone_get_one(data: Path) -> None:
    sql("PRAGMA foreign_keys = OFF; DELETE FROM conversations WHERE id = 5")(data)
    assert "conversations" in repaired(data)
    assistant = Assistant.open(data)
    assert len(assistant.messages(5)) == 8
    assistant.close()


def test_numbers_that_were_set_back_do_not_collide(data: Path) -> None:
    sql("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'chunks'")(data)
    assert "numbers" in repaired(data)


def test_settings_that_are_not_valid_give_way(data: Path) -> None:
    (data / "settings.toml").write_bytes(b"\xff\xfe not toml = [")
    assert "settings.toml.damaged-" in repaired(data)["settings"]
    assert Assistant.repair(data) == []


def test_what_a_kill_left_is_removed_and_a_young_download_is_not(data: Path) -> None:
    old = time.time() - 40 * 24 * 3600
    places = [data / "settings.toml.new", data / "vectors" / "1-aa.json.new", data / "models" / ".import-x" / "a.gguf"]
    places += [data / "models" / ".download-old" / "part", data / "models" / ".download-young" / "part"]
    for place in places:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"x")
        if "young" not in str(place):
            os.utime(place, (old, old))
            os.utime(place.parent, (old, old))
    assert ".download-old" in wrong(data)["leftovers"]
    done = repaired(data)
    assert "settings.toml.new" in done["leftovers"]
    assert [place for place in places if place.exists()] == places[-1:]


def test_texts_that_a_killed_evaluation_left_go_when_the_directory_is_opened(data: Path) -> None:
    old = time.time() - 2 * 3600
    for name in ("trial-old", "trial-young"):
        place = data / name / "documents" / "1.txt"
        place.parent.mkdir(parents=True)
        place.write_text("a passage")
        if name == "trial-old":
            for path in (place, place.parent, place.parent.parent):
                os.utime(path, (old, old))
    Assistant.open(data).close()
    assert [path.name for path in data.glob("trial-*")] == ["trial-young"], "another copy may be at it"
    assert "trial-young" in repaired(data)["leftovers"]


def test_a_model_that_is_called_like_a_leftover_stays(data: Path) -> None:
    model = data / "models" / "tiny.new"
    model.mkdir()
    Assistant.repair(data)
    assert model.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_what_others_can_read_is_shut(data: Path) -> None:
    for path in (data, data / "vectors", data / "library.sqlite3"):
        path.chmod(0o755)
    done = Assistant.repair(data)
    assert wrong(data) == {}
    assert done == [] or done[0].name == "privacy"


def test_a_lock_and_a_number_of_a_process_that_was_killed(data: Path) -> None:
    (data / "writer.lock").touch()
    (data / "writer.pid").write_text(str(os.getpid()))
    os.utime(data / "writer.pid", (1, 1))  # this process began later: the number was given again
    assistant = Assistant.open(data, writable=False)
    assert assistant.status().writer_pid is None
    assistant.close()
    assert Assistant.repair(data) == []


def test_a_copy_that_is_at_work_is_named_and_left_alone(data: Path) -> None:
    assistant = Assistant.open(data)
    with pytest.raises(StorageError, match=f"Process {os.getpid()}"):
        Assistant.repair(data)
    assistant.close()


def test_a_newer_database_is_left_alone(data: Path) -> None:
    sql(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")(data)
    before = (data / "library.sqlite3").read_bytes()
    with pytest.raises(StorageError, match="newer version"):
        Assistant.repair(data)
    assert (data / "library.sqlite3").read_bytes() == before
