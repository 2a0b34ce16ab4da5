#!/usr/bin/env python3
"""Proves that the bundle needs nothing: in a bare Debian 12, without Python and without a network interface.

    sudo python3 packaging/prove.py dist/hxd-desktop [--debian FOLDER] [--gguf FILE] [--results FOLDER]

The Debian is made with debootstrap (from the mirror that this machine uses, unless --debian names one that is there)
and holds Xvfb, a Chinese font and the libraries that the .deb asks for. In it, each command in a network namespace of
its own, the bundle runs its demo, indexes, answers in quotations and with the GGUF file, if one is given, in a
model's words, and shows its window under Xvfb. Prints a line a check and writes results.json and pictures; exit
status 1 where a check failed. The standard library is enough.
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hxd_setup.packages import DEPENDS

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "assets" / "samples" / "documents"
COVERED, UNCOVERED = "出差住宿费每晚上限是多少？", "Who won the football world cup in 1998?"
HXD = "/opt/hxd-desktop/hxd"
SECONDS = 180
# No interface but a loopback that is down; the bundle cannot be written; processes end with the command.
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
ENTER = """
mount --bind "$2" "$1/opt/hxd-desktop" && mount -o remount,bind,ro "$1/opt/hxd-desktop" || exit 70
mount -t proc proc "$1/proc" && mkdir -p "$1/dev/shm" && mount -t tmpfs tmpfs "$1/dev/shm" || exit 70
root=$1; shift 2
exec chroot "$root" env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 DISPLAY=:9 "$@"
"""


def packages() -> list[str]:
    """Return what is installed in the Debian: the first choice of each package that the .deb needs, and a screen."""
    needed = [entry.partition("|")[0].partition("(")[0].strip() for entry in DEPENDS.split(",")]
    return [*needed, "xvfb", "fonts-noto-cjk"]


def make_debian(folder: Path) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages())}", "bookworm", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def pixels(screen: Path) -> tuple[int, int, bytes]:
    """Return width, height and the RGB bytes of Xvfb's frame buffer, a file in X's window dump format, 32 bits deep."""
    dump = screen.read_bytes()
    header = struct.unpack(">25I", dump[:100])
    width, height, stride = header[4], header[5], header[12]
    start = header[0] + header[19] * 12
    rows = bytearray()
    for row in range(height):
        line = dump[start + row * stride : start + row * stride + width * 4]
        rgb = bytearray(width * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
        rows += rgb
    return width, height, bytes(rows)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """Return a PNG of RGB bytes."""
    rows = b"".join(b"\0" + rgb[at : at + width * 3] for at in range(0, len(rgb), width * 3))

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def is_drawn(rgb: bytes) -> bool:
    """Tell whether a window stands on the screen: a bare one is black."""
    return len(rgb) - rgb.count(0) > len(rgb) // 4


class Proof:
    def __init__(self, bundle: Path, debian: Path, results: Path) -> None:
        self.bundle, self.debian, self.results = bundle, debian, results
        self.checks: list[dict[str, Any]] = []
        for place in ("opt/hxd-desktop", "samples", "out"):
            (debian / place).mkdir(parents=True, exist_ok=True)
        shutil.rmtree(debian / "data", ignore_errors=True)
        shutil.copytree(SAMPLES, debian / "samples", dirs_exist_ok=True)

    def command(self, *words: str) -> list[str]:
        return [*UNSHARE, "sh", "-c", ENTER, "sh", str(self.debian), str(self.bundle), *words]

    def run(self, *words: str) -> tuple[Any, float]:
        """Run a command inside; return its standard output, parsed if it is JSON, and the seconds that it took."""
        begun = time.monotonic()
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=SECONDS, check=False)
        seconds = time.monotonic() - begun
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: status {done.returncode}: {done.stderr[-600:]}")
        return (json.loads(done.stdout) if "--json" in words else done.stdout), seconds

    def check(self, name: str, step: Any) -> None:
        try:
            detail, ok = step(), True
        except (AssertionError, OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
            detail, ok = str(error), False
        self.checks.append({"name": name, "ok": ok, "detail": detail})
        print(f"{'ok  ' if ok else 'FAIL'}  {name}: {detail}", flush=True)

    def bare(self) -> str:
        pythons = [*self.debian.glob("usr/bin/python*"), *self.debian.glob("usr/lib/python3*")]
        assert not pythons, f"there is a Python: {pythons}"
        links, _ = self.run("cat", "/proc/net/dev")
        names = [line.partition(":")[0].strip() for line in links.splitlines()[2:]]
        assert names == ["lo"], f"there are interfaces: {names}"
        routes, _ = self.run("cat", "/proc/net/route")
        assert len(routes.splitlines()) <= 1, "there is a route"
        return "no Python, no interface but a loopback that is down"

    def demo(self) -> str:
        told, seconds = self.run(HXD, "demo", "--json", "--screenshot", "/out/demo.png")
        outcomes = [answer["outcome"] for answer in told["answers"]]
        assert outcomes == ["answered", "answered", "unrelated"], outcomes
        shutil.copyfile(self.debian / "out" / "demo.png", self.results / "demo.png")
        return f"{seconds:.1f} s, {', '.join(outcomes)}, picture drawn"

    def index(self) -> str:
        told, seconds = self.run(HXD, "--data-dir", "/data", "index", "/samples", "--json")
        documents = told["documents"]
        assert documents["indexed"] == 8 and not documents["failed"], documents
        return f"{documents['indexed']} documents in {seconds:.1f} s"

    def ask(self) -> str:
        told, first = self.run(HXD, "--data-dir", "/data", "ask", COVERED, "--json")
        assert told["outcome"] == "answered" and told["sources"], told["outcome"]
        refused, _ = self.run(HXD, "--data-dir", "/data", "ask", UNCOVERED, "--json")
        assert refused["outcome"] == "unrelated", refused["outcome"]
        return f"first answer {first:.2f} s after the start: {told['answer'][:60]!r}; an uncovered question is refused"

    def generate(self, model: Path) -> str:
        shutil.copyfile(model, self.debian / "out" / model.name)
        told, _ = self.run(HXD, "--data-dir", "/data", "models", "import", f"/out/{model.name}", "--json")
        wanted = next(row["id"] for row in told["models"] if row["kind"] == "generator" and row["sha256"])
        self.run(HXD, "--data-dir", "/data", "models", "use", wanted)
        told, seconds = self.run(HXD, "--data-dir", "/data", "ask", COVERED, "--json")
        assert told["outcome"] == "answered" and told["model"]["generator"] == wanted, told["model"]
        return f"{wanted} answered in {seconds:.2f} s: {told['answer'][:60]!r}"

    def window(self) -> str:
        screen = self.debian / "out" / "Xvfb_screen0"
        screen.unlink(missing_ok=True)
        display = subprocess.Popen(
            self.command("Xvfb", ":9", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir", "/out"),
            stderr=subprocess.DEVNULL,
        )
        application = None
        try:
            _until(lambda: (self.debian / "tmp" / ".X11-unix" / "X9").exists() and screen.exists(), "no screen")
            begun = time.monotonic()
            application = subprocess.Popen(self.command(HXD, "--data-dir", "/data"), stderr=subprocess.DEVNULL)
            _until(lambda: is_drawn(pixels(screen)[2]) or application.poll() is not None, "no window")
            seconds = time.monotonic() - begun
            assert application.poll() is None, f"it ended with status {application.returncode}"
            time.sleep(3)  # for the picture: until the library is open
            (self.results / "window.png").write_bytes(png(*pixels(screen)))
        finally:
            for process in filter(None, (application, display)):
                process.kill()  # which ends all that runs inside, as init of its namespace takes no other signal
                process.wait()
            (self.debian / "tmp" / ".X11-unix" / "X9").unlink(missing_ok=True)
            (self.debian / "tmp" / ".X9-lock").unlink(missing_ok=True)
        return f"first window after {seconds:.2f} s"


def _until(condition: Any, complaint: str) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.05)


def bytes_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--debian", type=Path, help="a Debian 12 that is there, or where to make and keep one")
    parser.add_argument("--gguf", type=Path, help="a language model to answer with")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "proof")
    arguments = parser.parse_args()
    arguments.results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hxd-proof-") as scratch:
        debian = (arguments.debian or Path(scratch) / "debian").resolve()
        if not (debian / "bin").exists():
            make_debian(debian)
        proof = Proof(arguments.bundle.resolve(), debian, arguments.results)
        proof.check("bare", proof.bare)
        proof.check("demo", proof.demo)
        proof.check("index", proof.index)
        proof.check("ask", proof.ask)
        if arguments.gguf:
            proof.check("language model", lambda: proof.generate(arguments.gguf))
        proof.check("window", proof.window)
        size = bytes_of(arguments.bundle)
        models = bytes_of(arguments.bundle / "models") if (arguments.bundle / "models").is_dir() else 0
        proof.check("size", lambda: _small(size - models))
    (arguments.results / "results.json").write_text(json.dumps(proof.checks, ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(check["ok"] for check in proof.checks) else 1


def _small(size: int) -> str:
    assert size < 350e6, f"{size / 1e6:.0f} MB without models, more than 350"
    return f"{size / 1e6:.0f} MB without models"


if __name__ == "__main__":
    sys.exit(main())
