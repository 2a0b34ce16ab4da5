#!/usr/bin/env python3
"""Proves what the bundle's build made: in a bare Debian 12, without Python and without a network, as an ordinary user.

    sudo python3 packaging/prove.py dist/*.deb [dist/hxd-desktop dist/HXD_Desktop.AppDir dist/*.AppImage]
         [--gguf FILE] [--debian FOLDER] [--results FOLDER]

The Debian is made with debootstrap from the mirror that this machine uses, unless --debian names one that is there
(or where to keep it); each proof works on a layer over it that is thrown away. A .deb is installed by apt, with what it
asks for and nothing else; the other forms are put into /opt, beside what the .deb would ask for. Then, in a namespace
without a network interface, the application runs its demo, indexes, answers, refuses, answers in the words of a model
that it brings or is given (--gguf), and shows its window under Xvfb. Of a .deb it is also proved that the desktop knows
it, that a link opens a passage in the running window, and that an upgrade and a removal keep the user's data and
nothing else.

Prints a line for each check and writes results.json and pictures; exit status 1 where a check failed. The standard
library is enough.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from hxd_proof import deb
from hxd_proof.machine import Machine, make_debian
from hxd_proof.use import Use
from hxd_setup import packages

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "assets" / "samples" / "documents"
LIMIT = 350e6
_TROUBLE = (AssertionError, OSError, subprocess.SubprocessError, ValueError, KeyError, StopIteration)


class Proof:
    """The checks that were made so far."""

    def __init__(self, debian: Path, scratch: Path, results: Path, model: Path | None) -> None:
        self.debian, self.scratch, self.results, self.model = debian, scratch, results, model
        self.checks: list[dict[str, Any]] = []
        self.form = ""

    def note(self, name: str, step: Callable[[], str]) -> None:
        """Make a check and say how it went."""
        try:
            detail, ok = step(), True
        except _TROUBLE as error:
            detail, ok = f"{type(error).__name__}: {error}", False
        self.checks.append({"form": self.form, "name": name, "ok": ok, "detail": detail})
        print(f"{'ok  ' if ok else 'FAIL'}  {self.form}: {name}: {detail}", flush=True)

    def of_deb(self, package: Path) -> None:
        """Prove a .deb from its installation to its removal."""
        self.form = "deb"
        layer = self.scratch / "deb"
        debs = self.scratch / "debs"
        debs.mkdir()
        shutil.copyfile(package, debs / package.name)
        if shutil.which("lintian"):
            self.note("lintian", lambda: deb.lint(package))
        with Machine(self.debian, layer, debs, network=True) as machine:
            machine.install(f"/debs/{package.name}")
            machine.add_user()
            machine.give(SAMPLES, "/home/ann/samples")
            self.note("dependencies", lambda: deb.libraries(machine))
            self.note("in a terminal", lambda: deb.terminal(machine))
            self.note("size", lambda: small(machine.path(f"/{packages.HOME}")))
            machine.install(*deb.DESKTOP)
        deb.newer(package, debs)
        with Machine(self.debian, layer, debs) as machine:
            self.note("desktop", lambda: deb.desktop(machine))
            use = Use(machine, "hxd", self.results, "deb")
            use.linked = ["xdg-open"]
            use.all(self.note, self.model)
            self.note("upgrade", lambda: deb.upgrade(machine, "/debs/later.deb"))
            self.note("removal", lambda: deb.removal(machine))

    def of_folder(self, folder: Path, program: str, form: str) -> None:
        """Prove a folder: the bundle itself, or an AppDir."""
        self.form = form
        home = folder / packages.HOME if (folder / packages.HOME).is_dir() else folder

        def put(machine: Machine) -> None:
            shutil.copytree(folder, machine.path(f"/opt/{form}"), symlinks=True)

        with self.prepared(home, put) as machine:
            self.note("size", lambda: small(home))
            Use(machine, f"/opt/{form}/{program}", self.results, form).all(self.note, self.model)

    def of_appimage(self, image: Path) -> None:
        """Prove an AppImage: mounted through FUSE, and where there is none."""
        self.form = "appimage"
        program = "/opt/HXD_Desktop.AppImage"
        work = self.scratch / "unpacked"
        work.mkdir()
        subprocess.run([str(image.resolve()), "--appimage-extract"], cwd=work, check=True, stdout=subprocess.DEVNULL)

        def put(machine: Machine) -> None:
            shutil.copy(image, machine.path(program))
            machine.path(program).chmod(0o755)
            machine.install("fuse3")
            machine.run("sh", "-c", "test -e /dev/fuse || mknod -m 666 /dev/fuse c 10 229", root=True)

        with self.prepared(work / "squashfs-root" / packages.HOME, put) as machine:
            self.note("size", lambda: f"{image.stat().st_size / 1e6:.0f} MB in one file")
            self.note("through FUSE", lambda: mounted(machine, program))
            Use(machine, program, self.results, "appimage").all(self.note, self.model)
            self.note("without FUSE", lambda: unpacked(machine, program))

    @contextmanager
    def prepared(self, home: Path, put: Callable[[Machine], None]) -> Iterator[Machine]:
        """Make a machine with what the bundle in `home` asks for and what `put` adds; yield it without a network."""
        layer, debs = self.scratch / self.form, self.scratch / "none"
        debs.mkdir(exist_ok=True)
        with Machine(self.debian, layer, debs, network=True) as machine:
            needs = [entry.partition("(")[0].strip() for entry in packages.depends(home).split(",")]
            machine.install(*needs, *deb.DESKTOP)
            machine.add_user()
            machine.give(SAMPLES, "/home/ann/samples")
            put(machine)
        with Machine(self.debian, layer, debs) as machine:
            yield machine


def mounted(machine: Machine, program: str) -> str:
    said = machine.run("sh", "-c", f"{program} --version 2>&1")
    assert said.startswith("hxd ") and "FUSE" not in said, said
    return "mounted by an ordinary user"


def unpacked(machine: Machine, program: str) -> str:
    told, seconds = machine.timed("env", "APPIMAGE_EXTRACT_AND_RUN=1", program, "--version")
    left = machine.run("sh", "-c", "ls -d /tmp/appimage_extracted_* 2>/dev/null; true")
    assert not left, f"left behind: {left}"
    return f"unpacks itself, says {told.strip()!r} after {seconds:.1f} s, and leaves nothing"


def small(folder: Path) -> str:
    size, models = bytes_of(folder), bytes_of(folder / "_internal" / "models")
    reads_scans = (folder / "_internal" / "cv2").is_dir()  # which is asked for, and more than the limit allows
    assert reads_scans or size - models < LIMIT, (
        f"{(size - models) / 1e6:.0f} MB without models, more than {LIMIT / 1e6:.0f}"
    )
    said = f"{(size - models) / 1e6:.0f} MB" + (" with text recognition" if reads_scans else "")
    return said + (f" and {models / 1e6:.0f} MB of models" if models else "")


def bytes_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("made", type=Path, nargs="+", help="a .deb, the bundle's folder, an AppDir, an AppImage")
    parser.add_argument("--debian", type=Path, help="a Debian 12 that is there, or where to make and keep one")
    parser.add_argument("--gguf", type=Path, help="a language model to answer with")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "proof")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("namespaces and debootstrap need root")
    arguments.results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hxd-proof-", dir="/var/tmp", ignore_cleanup_errors=True) as scratch:
        debian = (arguments.debian or Path(scratch) / "debian").resolve()
        if not (debian / "bin").exists():
            make_debian(debian)
        proof = Proof(debian, Path(scratch), arguments.results, arguments.gguf)
        for made in arguments.made:
            if made.suffix == ".deb":
                proof.of_deb(made)
            elif made.suffix == ".AppImage":
                proof.of_appimage(made)
            elif made.suffix == ".AppDir":
                proof.of_folder(made.resolve(), "AppRun", "appdir")
            else:
                proof.of_folder(made.resolve(), "hxd", "folder")
    (arguments.results / "results.json").write_text(json.dumps(proof.checks, ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(check["ok"] for check in proof.checks) else 1


if __name__ == "__main__":
    sys.exit(main())
