"""Commands as processes: stopped, followed, typed at."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine import samples

TIMEOUT_S = 60.0
posix_only = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")


def command(data: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "hxd_desktop", "--data-dir", str(data), *(str(word) for word in words)]


@contextlib.contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        with process:
            yield process
    finally:
        if process.poll() is None:
            process.kill()


def search(data: Path, query: str) -> list[str]:
    done = subprocess.run(command(data, "search", query, "--json"), capture_output=True, check=True)
    return [os.path.basename(result["document"]) for result in json.loads(done.stdout.decode())["results"]]


def wait_until_found(data: Path, query: str, name: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while name not in search(data, query):
        assert time.monotonic() < deadline, f"{name} was not found"


@posix_only
def test_watching_takes_up_a_new_file_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    folder, data = tmp_path / "folder", tmp_path / "data"
    folder.mkdir()
    (folder / "first.md").write_text("The first note is about lanterns.")
    with started(*command(data, "index", folder, "--watch", "--json")) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["documents"]["indexed"] == 1
        for line in process.stderr:
            if line.startswith("Following"):
                break
        (folder / "second.md").write_text("The second note is about zeppelins.")
        wait_until_found(data, "zeppelins", "second.md")
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_S) == 0
        assert "second.md" in process.stderr.read()
        assert process.stdout.read() == ""


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_indexing_that_is_stopped_goes_on_from_there(number: signal.Signals, tmp_path: Path) -> None:
    folder, data = tmp_path / "folder", tmp_path / "data"
    folder.mkdir()
    for i in range(1500):
        (folder / f"{i}.md").write_text(f"# Note {i}\n\n" + f"Words of note number {i}. " * 40)
    with started(*command(data, "index", folder, "--json")) as process:
        deadline = time.monotonic() + TIMEOUT_S
        while not indexed(data):
            assert time.monotonic() < deadline
            assert process.poll() is None, "it was done before it could be stopped"
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == 128 + number
        assert (out, err.splitlines()[-1]) == ("", "Stopped.")
    before = indexed(data)
    done = subprocess.run(command(data, "index", folder, "--json"), capture_output=True, check=True)
    documents = json.loads(done.stdout)["documents"]
    assert documents["unchanged"] >= before > 0
    assert documents["indexed"] + documents["unchanged"] == 1500


def indexed(data: Path) -> int:
    """How many documents the library holds, as another process sees it."""
    import sqlite3

    if not (data / "library.sqlite3").exists():
        return 0
    connection = sqlite3.connect(f"file:{data / 'library.sqlite3'}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM documents WHERE state = 'indexed'").fetchone()[0])
    except sqlite3.OperationalError:  # the tables are not made yet
        return 0
    finally:
        connection.close()


@posix_only
@pytest.mark.parametrize(
    ("closed", "status", "said"),
    [(">&-", 0, ""), ("2>&-", 0, ""), ("<&-", 0, ""), (">&- 2>&- <&-", 0, ""), (">/dev/full", 1, "cannot be written")],
)
def test_streams_that_are_closed_or_full_are_no_fault(closed: str, status: int, said: str, tmp_path: Path) -> None:
    if "/dev/full" in closed and not os.path.exists("/dev/full"):
        pytest.skip("no such device")
    words = " ".join(map(shlex.quote, command(tmp_path, "ask", "a question", "--json")))
    done = subprocess.run(["sh", "-c", f"{words} {closed}"], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr and "fault" not in done.stderr


@posix_only
def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    words = " ".join(command(tmp_path / "data", "status"))
    done = subprocess.run(["sh", "-c", f"{words} | true"], capture_output=True, text=True, check=True)
    assert done.stderr == ""


class Terminal:
    """A process on a pseudo-terminal."""

    def __init__(self, words: list[str]) -> None:
        import pty

        self._master, follower = pty.openpty()
        self.seen = ""
        environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            words, stdin=follower, stdout=follower, stderr=follower, env=environment, start_new_session=True
        )
        os.close(follower)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> None:
        """Read until `pattern` was seen since the last time."""
        import select

        deadline = time.monotonic() + TIMEOUT_S
        while not (match := re.search(pattern, self.seen)):
            ready, _, _ = select.select([self._master], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"{pattern!r} did not come: {self.seen!r}"
            try:
                piece = os.read(self._master, 65536)
            except OSError:  # Linux says so when the other end is closed
                piece = b""
            assert piece, f"{pattern!r} did not come: {self.seen!r}"
            self.seen += piece.decode("utf-8", "replace")
        self.seen = self.seen[match.end() :]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.fixture(scope="module")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("chat") / "data"
    subprocess.run(command(data, "index", samples.documents() / "handbook"), capture_output=True, check=True)
    return data


@posix_only
def test_chat_in_a_terminal(sample_library: Path) -> None:
    terminal = Terminal(command(sample_library, "chat"))
    try:
        terminal.wait_for("/quit")
        terminal.wait_for("you>")
        terminal.type(samples.questions()[0].question + "\r")
        terminal.wait_for("600")
        terminal.wait_for(r"refusal \d\.\d\d \(limit \d\.\d\d\)")
        terminal.wait_for("you>")
        terminal.type("/why\r")
        terminal.wait_for("retrieval")
        terminal.wait_for("you>")
        terminal.type("\x04")
        assert terminal.process.wait(TIMEOUT_S) == 0
    finally:
        terminal.close()
    assert samples.questions()[0].question in (sample_library / "chat-history").read_text(encoding="utf-8")


@posix_only
def test_without_a_command_and_without_a_display_a_terminal_gets_the_chat(sample_library: Path) -> None:
    terminal = Terminal(command(sample_library))
    try:
        terminal.wait_for("no display")
        terminal.wait_for("you>")
        terminal.type("/quit\r")
        assert terminal.process.wait(TIMEOUT_S) == 0
    finally:
        terminal.close()


# An answer that never comes by itself: it ends only when the keyboard cancels it.
_ENDLESS = """
import sys
from hxd_desktop.cli import main
from hxd_desktop.engine.assistant import Assistant

def ask(self, question, libraries, *, on_text, cancel, **named):
    on_text("thinking")
    cancel.wait(60)
    cancel.check()

Assistant.ask = ask
sys.exit(main(sys.argv[1:]))
"""


@posix_only
@pytest.mark.parametrize("key", ["\x1b", "\x03"], ids=["escape", "ctrl-c"])
def test_a_key_stops_an_answer_and_the_chat_goes_on(key: str, sample_library: Path) -> None:
    terminal = Terminal([sys.executable, "-c", _ENDLESS, "--data-dir", str(sample_library), "chat"])
    try:
        terminal.wait_for("you>")
        terminal.type("anything?\r")
        terminal.wait_for("thinking")
        pressed = time.monotonic()
        terminal.type(key)
        terminal.wait_for("Stopped")
        assert time.monotonic() - pressed < 5
        terminal.wait_for("you>")
        terminal.type("/quit\r")
        assert terminal.process.wait(TIMEOUT_S) == 0
    finally:
        terminal.close()
