"""A bare Debian 12 to prove in: a layer over what debootstrap made, thrown away afterwards, with its own namespaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

USER, UID = "ann", 1000
SECONDS = 300
_MOUNTS = """
set -e
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount -t proc proc "$2/root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$2/root/dev/shm"
mkdir -p "$2/root/debs"
mount --bind "$3" "$2/root/debs"
echo ready
exec sleep infinity
"""


class CommandError(AssertionError):
    """A command in the machine ended with another status than 0."""


def make_debian(folder: Path) -> None:
    """Make a Debian 12 with debootstrap, from the mirror that this machine uses."""
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(folder)], check=True, stdout=subprocess.DEVNULL)


class Machine:
    """One machine; entered and left with `with`. Without `network` no interface but a loopback that is down.

    What it holds is kept in `layer` until that is deleted: a machine with a network can be set up, left, and entered
    again without one.

    Args:
        debian: Made by debootstrap; only read.
        layer: An empty folder, or that of an earlier machine over the same Debian.
        debs: A folder that is seen as /debs.
    """

    def __init__(self, debian: Path, layer: Path, debs: Path, *, network: bool = False) -> None:
        self._arguments = [str(debian), str(layer), str(debs)]
        self._network = network
        self._layer = layer
        self._holder: subprocess.Popen[bytes] | None = None
        self._pid = 0
        for name in ("upper", "work", "root"):
            (layer / name).mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Machine:
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", *([] if self._network else ["--net"])]
        self._holder = subprocess.Popen(
            ["unshare", *namespaces, "sh", "-c", _MOUNTS, "sh", *self._arguments], stdout=subprocess.PIPE
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"ready\n":
            raise CommandError("the machine could not be made; this has to run as root, outside of other containers")
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text()
        self._pid = int(children.split()[0])
        if self._network:
            self.write("/etc/resolv.conf", Path("/etc/resolv.conf").read_text())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._holder is not None
        self._holder.kill()
        self._holder.wait()

    def path(self, inside: str) -> Path:
        """Return where a path inside is seen from outside."""
        return Path(f"/proc/{self._pid}/root{self._layer}/root{inside}")

    def write(self, inside: str, text: str) -> None:
        """Write a file inside, as root."""
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text, "utf-8")

    def command(self, *words: str, root: bool = False) -> list[str]:
        """Return the command line that runs `words` inside, with a user's environment, in that user's home."""
        home = "/root" if root else f"/home/{USER}"
        who = [] if root else [f"--userspec={UID}:{UID}", "--groups="]
        # DISPLAY is Xvfb's; nothing else of a desktop is there.
        variables = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", f"HOME={home}", "LANG=C.UTF-8", "DISPLAY=:9"]
        enter = ["nsenter", "-t", str(self._pid), "-m", "-p", *([] if self._network else ["-n"])]
        inside = ["chroot", *who, f"{self._layer}/root", "env", "-i", *variables, "sh", "-c", 'cd "$HOME" && exec "$@"']
        return [*enter, *inside, "sh", *words]

    def run(self, *words: str, root: bool = False, status: int = 0) -> Any:
        """Run a command inside; return its standard output, parsed where it was asked for JSON.

        Raises:
            CommandError: it ended with another status than `status`.
        """
        done = subprocess.run(
            self.command(*words, root=root), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        if done.returncode != status:
            raise CommandError(f"{' '.join(words)}: status {done.returncode}: {done.stderr[-800:]}")
        return json.loads(done.stdout) if "--json" in words else done.stdout

    def timed(self, *words: str) -> tuple[Any, float]:
        """Run a command as the user; return what it printed and the seconds that it took."""
        begun = time.monotonic()
        told = self.run(*words)
        return told, time.monotonic() - begun

    def install(self, *packages: str) -> None:
        """Install packages, or .deb files, with apt and what they need, but nothing that they only recommend."""
        quiet = ["-qq", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "APT::Sandbox::User=root"]
        self.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "update", "-qq", root=True)
        words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *quiet, "--no-install-recommends"]
        self.run(*words, *packages, root=True)

    def add_user(self) -> None:
        """Make an ordinary user."""
        if f"\n{USER}:" not in self.path("/etc/passwd").read_text():
            self.run("useradd", "--create-home", "--uid", str(UID), USER, root=True)

    def give(self, source: Path, inside: str) -> None:
        """Copy a file or folder in, owned by the user."""
        target = self.path(inside)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        for path in [target, *target.rglob("*")]:
            os.chown(path, UID, UID, follow_symlinks=False)


def until(condition: Any, complaint: str, seconds: float = SECONDS) -> None:
    """Wait for a condition.

    Raises:
        AssertionError: it did not come.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.05)


def names(words: Sequence[Path]) -> str:
    """Return paths in one line."""
    return ", ".join(map(str, words))
