"""Disks as a power cut leaves them, and disks that are full."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

from fault_place import OURS

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import HxdError

_PAGE = 4096


def prepare_shadow(disk: Path, shadow: Path) -> None:
    """Note what lies on the disk before the work begins: all of it has been flushed long ago."""
    shutil.rmtree(shadow, ignore_errors=True)
    shadow.mkdir()
    for place, folders, names in os.walk(disk):
        entries = [(Path(place, name).lstat().st_ino, name) for name in (*folders, *names)]
        _list_file(shadow, Path(place)).write_text("".join(f"{inode} {name}\n" for inode, name in entries))
        for name in names:
            if not Path(place, name).is_symlink():
                shutil.copyfile(Path(place, name), shadow / f"f{Path(place, name).stat().st_ino}")


def _list_file(shadow: Path, folder: Path) -> Path:
    return shadow / f"d{folder.stat().st_ino}"


def cut_power(place: Path, shadow: Path, left: Path, chance: random.Random, *, newer: bool, names_lost: bool) -> None:
    """Put together in `left` what a power cut leaves of `place`.

    Args:
        place: Its `disk` as the process left it; the rest is copied as it is.
        shadow: What had been flushed of it.
        left: Emptied first.
        chance: Which pages are newer.
        newer: Pages that were not flushed may have reached the disk, any of them; else none has.
        names_lost: Folders hold what they held when they were flushed; else what they held last.
    """
    shutil.rmtree(left, ignore_errors=True)
    left.mkdir()
    for entry in place.iterdir():
        if entry.name != "disk":
            (shutil.copytree if entry.is_dir() else shutil.copyfile)(entry, left / entry.name)
    current = {path.lstat().st_ino: path for path in (place / "disk").rglob("*") if path.is_file()}
    current |= {int(path.name[1:]): path for path in shadow.glob("k*")}

    def content(inode: int) -> bytes:
        flushed = shadow / f"f{inode}"
        old = flushed.read_bytes() if flushed.exists() else b""
        if not newer:
            return old
        new = current[inode].read_bytes() if inode in current else old
        size = chance.choice((len(old), len(new)))
        pages = []
        for at in range(0, size, _PAGE):
            source = chance.choice((old, new))
            pages.append(source[at : at + _PAGE].ljust(min(_PAGE, size - at), b"\0"))
        return b"".join(pages)

    def lost(inode: int, target: Path) -> None:
        target.mkdir(mode=0o700)
        listing = shadow / f"d{inode}"
        for line in listing.read_text().splitlines() if listing.exists() else ():
            number, _, name = line.partition(" ")
            if int(number) in folders or (shadow / f"d{number}").exists():
                lost(int(number), target / name)
            else:
                (target / name).write_bytes(content(int(number)))

    def kept(source: Path, target: Path) -> None:
        target.mkdir(mode=0o700)
        for entry in source.iterdir():
            if entry.is_dir():
                kept(entry, target / entry.name)
            elif entry.is_file():
                (target / entry.name).write_bytes(content(entry.stat().st_ino))

    folders = {Path(where).stat().st_ino for where, _, _ in os.walk(place / "disk")}
    if names_lost:
        lost((place / "disk").stat().st_ino, left / "disk")
    else:
        kept(place / "disk", left / "disk")


def full_disks(place: Path) -> int:
    """Index onto disks of 1 to 12 MB, where they can be mounted; return how many problems there were."""
    disk, folder, bad, full = place / "small", place / "files", 0, 0
    disk.mkdir()
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.md").write_text(f"# {number}\n\n" + f"Text {number} of the disk. " * 300)
    for kilobytes in range(1000, 12_000, 500):
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            print("no small disks: mounting is not allowed here")
            return bad
        try:
            bad += _full_disk(disk, folder, kilobytes)
            full += 1
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    print(f"{full} small disks; {bad} problems", flush=True)
    return bad


def _full_disk(disk: Path, folder: Path, kilobytes: int) -> int:
    try:
        assistant = Assistant.open(disk / "data")
        try:
            assistant.add_folder(folder)
            assistant.index()
        finally:
            assistant.close()
    except HxdError as error:
        if not error.remedy:
            return 1
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        print(f"  WRONG  {kilobytes} kB: {type(error).__name__}: {error}")
        return 1
    subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
    assistant = Assistant.open(disk / "data")
    try:
        assistant.add_folder(folder)
        assistant.index()
        wrong = [c for c in assistant.check(compare=True) if not c.ok and c.name.startswith(OURS)]
        documents = len(assistant.documents("default"))
    finally:
        assistant.close()
    for check in wrong:
        print(f"  WRONG  {kilobytes} kB: {check.name}: {check.detail}")
    return len(wrong) + (documents != 300)
