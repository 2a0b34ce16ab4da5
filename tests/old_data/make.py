"""Makes data directories of older versions, by running those versions.

    python tests/old_data/make.py [SCHEMA...]

For each schema of the database the last commit that wrote it is checked out beside this checkout, and its own engine
indexes the documents of this folder, answers and refuses in a conversation, keeps examples, a limit, a run of
`hxd eval` and settings. What it leaves is packed into `schema-N.tar.xz`. Needs the repository's history and the
environment of `python3 bootstrap.py test`; the tests need neither.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# A commit that wrote this schema, the last one where there is a next. A new step of the schema: first make the data of
# the one before, by the commit that you start from.
REVISIONS = {
    1: "157fddb^",
    2: "ec33c67^",
    3: "7c94758^",
    4: "960cde1^",
    5: "a7860fa^",
    6: "2673cb9^",
    7: "a1ea92a^",
    8: "7e357b1^",
    9: "7e357b1",
}
# Where the documents lay: the tests put their own place in its stead.
FOLDER = Path(tempfile.gettempdir()) / "hxd-old-documents"
MODIFIED = 1_700_000_000

WORK = """
import dataclasses, json, sqlite3, sys
from pathlib import Path
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.settings import AnswerSettings, IndexSettings, Settings

data, folder, schema = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
data.mkdir(parents=True)
Settings(answers=AnswerSettings(top_k=7), index=IndexSettings(workers=1)).save(data / "settings.toml")
assistant = Assistant.open(data)
assistant.add_folder(folder)
assistant.index()
assistant.calibrate(threshold=0.9)
talk = assistant.create_conversation("", ["default"])
first = assistant.ask("出差住宿费每晚上限是多少？", conversation=talk.id)
second = assistant.ask("Who wrote the Iliad?", conversation=talk.id)
assert (first.outcome, second.outcome) == ("answered", "unrelated"), (first.outcome, second.outcome)
other = assistant.create_conversation("", ["default"])
assistant.ask("When is the coffee machine cleaned?", conversation=other.id)
assistant.rename_conversation(other.id, "Coffee")
for question, answerable in (("住宿费上限", True), ("咖啡机在哪", True), ("股票行情", False)):
    assistant.add_example(question, answerable)
if schema >= 3:
    assistant.chats.pin(talk.id, True)
    assistant.chats.set_draft(other.id, "and by whom?")
assistant.close()
if schema >= 2:
    from hxd_desktop.cli import main
    questions = data.parent / "questions.jsonl"
    questions.write_text(
        json.dumps({"question": "出差住宿费每晚上限是多少？", "answerable": True})
        + "\\n" + json.dumps({"question": "Who wrote the Iliad?", "answerable": False}) + "\\n",
        encoding="utf-8",
    )
    assert main(["--data-dir", str(data), "eval", "refusal", "--questions", str(questions), "--json"]) == 0
connection = sqlite3.connect(data / "library.sqlite3", isolation_level=None)
connection.execute("VACUUM")
connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
assert connection.execute("PRAGMA user_version").fetchone() == (schema,)
connection.close()
"""


def lay_out(folder: Path) -> None:
    """Put the documents into a folder, always as old."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for document in sorted((HERE / "documents").iterdir()):
        copy = Path(shutil.copy(document, folder))
        os.utime(copy, (MODIFIED, MODIFIED))


def make(schema: int) -> Path:
    lay_out(FOLDER)
    with tempfile.TemporaryDirectory() as name:
        place, data = Path(name) / "old", Path(name) / "data"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), REVISIONS[schema]], check=True)
        try:
            environment = os.environ | {"PYTHONPATH": str(place), "QT_QPA_PLATFORM": "offscreen"}
            words = [sys.executable, "-c", WORK, str(data), str(FOLDER), str(schema)]
            subprocess.run(words, check=True, env=environment, cwd=place, stdout=subprocess.DEVNULL)
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)
        kept = [data / "library.sqlite3", data / "settings.toml", *sorted((data / "vectors").iterdir())]
        target = HERE / f"schema-{schema}.tar.xz"
        with tarfile.open(target, "w:xz", preset=9) as archive:
            for path in kept:
                entry = tarfile.TarInfo(path.relative_to(data).as_posix())
                entry.size, entry.mtime, entry.mode = path.stat().st_size, MODIFIED, 0o600
                archive.addfile(entry, io.BytesIO(path.read_bytes()))
    shutil.rmtree(FOLDER)
    return target


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or REVISIONS):
        written = make(wanted)
        sys.stdout.write(f"{written.name}: {written.stat().st_size:,} bytes\n")
