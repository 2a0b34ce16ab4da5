"""What is proved of the application, however it came onto a machine: it works, without Python, without a network."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hxd_proof import screen
from hxd_proof.machine import Machine, until

COVERED, UNCOVERED = "出差住宿费每晚上限是多少？", "Who won the football world cup in 1998?"
SAMPLES = 8
Note = Callable[[str, Callable[[], str]], None]


class Use:
    """The checks of one way to start the application.

    Args:
        machine: Without a network.
        program: What is started, as one would type it.
        results: Where pictures go.
        name: Of this way, for the pictures' names.
    """

    def __init__(self, machine: Machine, program: str, results: Path, name: str) -> None:
        self.machine, self.program, self.results, self.name = machine, program, results, name
        self.linked: list[str] = []

    def all(self, note: Note, model: Path | None) -> None:
        """Run every check."""
        note("no Python, no network", self.bare)
        note("demo", self.demo)
        note("index", self.index)
        note("ask", self.ask)
        if self.shipped():
            note("models inside", self.edition)
        if self.machine.run(self.program, "status", "--json")["ocr"]:
            note("scans", self.scans)
        if model is not None:
            note("language model", lambda: self.generate(model))
        note("window", self.window)

    def bare(self) -> str:
        pythons = self.machine.run("sh", "-c", "ls /usr/bin/python* /usr/lib/python3* 2>/dev/null; true")
        assert not pythons, f"there is a Python: {pythons}"
        links = self.machine.run("cat", "/proc/net/dev").splitlines()[2:]
        assert [line.partition(":")[0].strip() for line in links] == ["lo"], f"there are interfaces: {links}"
        assert len(self.machine.run("cat", "/proc/net/route").splitlines()) <= 1, "there is a route"
        assert self.machine.run("id", "-u").strip() == "1000", "this is not an ordinary user"
        return "no Python, an ordinary user, no interface but a loopback that is down"

    def demo(self) -> str:
        told, seconds = self.machine.timed(self.program, "demo", "--json", "--screenshot", "/tmp/demo.png")
        outcomes = [answer["outcome"] for answer in told["answers"]]
        assert [was_answered(answer) for answer in told["answers"]] == [True, True, False], outcomes
        assert outcomes[2] == "unrelated", outcomes
        (self.results / f"{self.name}-demo.png").write_bytes(self.machine.path("/tmp/demo.png").read_bytes())
        return f"{seconds:.1f} s, {', '.join(outcomes)}, picture drawn"

    def index(self) -> str:
        told, seconds = self.machine.timed(self.program, "index", "samples", "--json")
        documents = told["documents"]
        assert documents["indexed"] == SAMPLES and not documents["failed"], documents
        return f"{documents['indexed']} documents in {seconds:.1f} s"

    def ask(self) -> str:
        told, first = self.machine.timed(self.program, "ask", COVERED, "--json")
        assert was_answered(told) and told["sources"], told["outcome"]
        refused, again = self.machine.timed(self.program, "ask", UNCOVERED, "--json")
        assert refused["outcome"] == "unrelated", refused["outcome"]
        score = refused["refusal"]
        return (
            f"{told['outcome']} {first:.2f} s after the start: {told['answer'][:50]!r}; an uncovered question is "
            f"refused ({score['score']:.2f} of {score['threshold']:.2f}) after {again:.2f} s"
        )

    def shipped(self) -> list[dict[str, Any]]:
        """Return the models that come with the application."""
        return [row for row in self.machine.run(self.program, "models", "list", "--json")["models"] if row["shipped"]]

    def edition(self) -> str:
        used = self.machine.run(self.program, "status", "--json")["models"]
        told = self.machine.run(self.program, "ask", COVERED, "--json")
        for row in self.shipped():
            assert used[row["kind"]] == row["id"], f"{row['id']} is not in use: {used}"
            assert row["verified"], f"{row['id']} was not checked"
        wrote = written(told, used["generator"])
        copies = self.machine.run("sh", "-c", "ls -d .local/share/hxd-desktop/models/*/ 2>/dev/null; true")
        assert not copies, f"copied: {copies}"
        first = self.shipped()[0]["id"]
        self.machine.run(self.program, "models", "remove", first, status=1)
        names = ", ".join(f"{row['kind']} {row['id']}" for row in self.shipped())
        self.machine.run(self.program, "models", "use", "extractive")
        return f"{names}: in use from the start, checked, not copied, not removable; it {wrote}"

    def scans(self) -> str:
        """Read the picture that the demo drew."""
        self.machine.run("sh", "-c", "mkdir -p pictures && cp /tmp/demo.png pictures/")
        told, seconds = self.machine.timed(self.program, "index", "pictures", "--json")
        assert told["documents"]["indexed"] == 1 and not told["documents"]["needs_ocr"], told["documents"]
        engine = self.machine.run(self.program, "status", "--json")["ocr"]
        return f"{engine['engine']} {engine['version']} read a picture of the window in {seconds:.1f} s"

    def generate(self, model: Path) -> str:
        self.machine.give(model, f"/home/ann/{model.name}")
        told = self.machine.run(self.program, "models", "import", model.name, "--json")
        wanted = next(row["id"] for row in told["models"] if row["kind"] == "generator" and row["sha256"])
        self.machine.run(self.program, "models", "use", wanted)
        told, seconds = self.machine.timed(self.program, "ask", COVERED, "--json")
        self.machine.run(self.program, "models", "use", "extractive")
        return f"{wanted} {written(told, wanted)} in {seconds:.2f} s"

    def window(self) -> str:
        with self.display() as shown, self.running(shown) as seconds:
            time.sleep(3)  # for the picture: until the library is open
            self.picture(shown, "window")
            said = f"first window after {seconds:.2f} s"
            if self.linked:
                said += "; " + self.follow(shown)
        return said

    def follow(self, shown: Path) -> str:
        """Open a link to a passage as a browser would, and see that the running window shows another picture."""
        told = self.machine.run(self.program, "ask", COVERED, "--json")
        source = told["sources"][0]
        path = quote(source["document"], safe="")
        link = f"hxd://passage?library=default&document={path}&start={source['start']}&end={source['end']}"
        before = screen.pixels(shown)[2]
        self.machine.run(*self.linked, link)
        until(lambda: screen.differing(before, screen.pixels(shown)[2]) > 0.01, "the link changed nothing", 30)
        time.sleep(2)
        self.picture(shown, "link")
        return "a link to a passage opened there"

    def picture(self, shown: Path, what: str) -> None:
        (self.results / f"{self.name}-{what}.png").write_bytes(screen.png(*screen.pixels(shown)))

    @contextmanager
    def display(self) -> Iterator[Path]:
        """Run Xvfb; yield its frame buffer."""
        folder = self.machine.path("/tmp/screen")
        self.machine.run("mkdir", "-p", "/tmp/screen", "/tmp/.X11-unix")
        words = ["Xvfb", ":9", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir", "/tmp/screen"]
        server = subprocess.Popen(self.machine.command(*words), stderr=subprocess.DEVNULL)
        try:
            socket = self.machine.path("/tmp/.X11-unix/X9")
            until(lambda: socket.exists() and (folder / "Xvfb_screen0").exists(), "no screen")
            yield folder / "Xvfb_screen0"
        finally:
            self.stop("Xvfb", server)

    @contextmanager
    def running(self, shown: Path) -> Iterator[float]:
        """Run the window; yield the seconds until it was drawn."""
        begun = time.monotonic()
        application = subprocess.Popen(self.machine.command(self.program), stderr=subprocess.DEVNULL)
        try:
            until(lambda: screen.is_drawn(screen.pixels(shown)[2]) or application.poll() is not None, "no window")
            seconds = time.monotonic() - begun
            assert application.poll() is None, f"it ended with status {application.returncode}"
            yield seconds
        finally:
            self.stop("hxd", application)

    def stop(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """End what was started inside, as whoever leaves a session does."""
        each = f'[ "$(cat $each/comm 2>/dev/null)" = {name} ] && kill ${{each#/proc/}}'
        ask = f"for each in /proc/[0-9]*; do {each}; done; true"
        self.machine.run("sh", "-c", ask)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def was_answered(told: dict[str, Any]) -> bool:
    """Tell whether a question got as far as an answer; what a model of random weights says is not shown."""
    by_model = told["model"]["generator"] != "extractive"
    return told["outcome"] == "answered" or (by_model and told["outcome"] == "ungrounded")


def written(told: dict[str, Any], model: str) -> str:
    """Return how much a model wrote, and what became of it: random weights babble, which the sources do not support."""
    assert told["model"]["generator"] == model, told["model"]
    run = next(stage["detail"]["run"] for stage in told["trace"] if stage["stage"] == "generate")
    assert run["tokens"] > 0 and told["outcome"] in ("answered", "ungrounded"), told["outcome"]
    return f"wrote {run['tokens']} tokens ({told['outcome']}: {told['answer'][:40]!r})"
