"""The shared libraries of a Linux bundle: each finds what it needs, none is there for nothing, none is there twice."""

from __future__ import annotations

import hashlib
import os
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

# What is taken from the system, and the Debian package that has it: the C and C++ libraries, and what belongs to the
# screen, the graphics card or the fonts of a machine, whose drivers would find an older copy of ours and fail.
SYSTEM: Mapping[str, str] = {
    **dict.fromkeys(
        "libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libutil.so.1 libresolv.so.2 libmvec.so.1".split(),
        "libc6",
    ),
    **dict.fromkeys("ld-linux-x86-64.so.2 ld-linux-aarch64.so.1".split(), "libc6"),
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdrm.so.2": "libdrm2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB, _SONAME, _RPATH, _RUNPATH = 1, 5, 14, 15, 29


class Library(NamedTuple):
    """What a shared library or program says of itself: its name, what it needs, and where it looks first."""

    soname: str
    needed: tuple[str, ...]
    places: tuple[str, ...]


def read(path: Path) -> Library | None:
    """Read an ELF file of 64 bits, little end first; None where it is something else or links nothing."""
    with open(path, "rb") as stream:
        if stream.read(6) != b"\x7fELF\x02\x01":
            return None
        stream.seek(0)
        data = stream.read()
    start, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, start + index * size) for index in range(count)]
    dynamic = next((segment for segment in segments if segment[0] == _DYNAMIC), None)
    if dynamic is None:
        return None
    entries = list(_entries(data, dynamic[2], dynamic[5]))
    strings = next((_offset(value, segments) for tag, value in entries if tag == _STRTAB), 0)

    def text(value: int) -> str:
        begin = strings + value
        return data[begin : data.index(b"\0", begin)].decode("utf-8", "replace")

    found = [(tag, text(value)) for tag, value in entries if tag in (_NEEDED, _SONAME, _RPATH, _RUNPATH)]
    places = [place for tag, value in found if tag in (_RPATH, _RUNPATH) for place in value.split(":")]
    soname = next((value for tag, value in found if tag == _SONAME), path.name)
    return Library(soname, tuple(value for tag, value in found if tag == _NEEDED), tuple(places))


def _entries(data: bytes, start: int, size: int) -> Iterator[tuple[int, int]]:
    for at in range(start, start + size, 16):
        tag, value = struct.unpack_from("<qQ", data, at)
        if tag == 0:
            return
        yield tag, value


def _offset(address: int, segments: Iterable[tuple[int, ...]]) -> int:
    for kind, _, offset, begin, _, size in segments:
        if kind == _LOAD and begin <= address < begin + size:
            return offset + address - begin
    return address


def all_of(folder: Path) -> dict[Path, Library]:
    """Return every library and program below a folder; what is only a link is left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and (library := read(path)) is not None:
            found[path] = library
    return found


def shelf_of(folder: Path) -> Path:
    """Return where PyInstaller keeps what belongs to no package, which every process of the bundle looks into."""
    return folder / "_internal"


def _finds(path: Path, library: Library, name: str, shelf: Path) -> Path | None:
    places = [Path(os.path.normpath(place.replace("$ORIGIN", str(path.parent)))) for place in library.places]
    return next((place / name for place in (*places, shelf) if (place / name).exists()), None)


def outside(folder: Path) -> dict[str, list[Path]]:
    """Return what the bundle's libraries need and do not find in the bundle, each with those that need it."""
    needed: dict[str, list[Path]] = {}
    shelf = shelf_of(folder)
    for path, library in all_of(folder).items():
        for name in library.needed:
            if _finds(path, library, name, shelf) is None:
                needed.setdefault(name, []).append(path)
    return needed


def missing(folder: Path) -> list[str]:
    """Return a line for each library that is neither in the bundle nor one of `SYSTEM`, and for what needs it."""
    return [
        f"{name}, which {path.relative_to(folder).as_posix()} needs"
        for name, paths in sorted(outside(folder).items())
        if name not in SYSTEM
        for path in paths
    ]


def packages(folder: Path) -> list[str]:
    """Return the Debian packages whose libraries the bundle needs."""
    return sorted({SYSTEM[name] for name in outside(folder) if name in SYSTEM})


def drop_unneeded(folder: Path) -> list[Path]:
    """Delete the libraries on PyInstaller's shelf, and in the folders that wheels keep theirs in, that nothing needs.

    They came with something that was left out. What the system has to have (`SYSTEM`) goes as well. Returns what went.
    """
    dropped: list[Path] = []
    shelf = shelf_of(folder)
    while True:
        libraries = all_of(folder)
        used = {
            found.resolve()
            for path, library in libraries.items()
            for name in library.needed
            if name not in SYSTEM and (found := _finds(path, library, name, shelf)) is not None
        }
        idle = [path for path in libraries if _is_kept_for_others(path, shelf) and path.resolve() not in used]
        if not idle:
            break
        for path in idle:
            path.unlink()
        dropped += idle
    for path in list(shelf.rglob("*")):
        if path.is_symlink() and not path.exists():
            path.unlink()
    return dropped


def _is_kept_for_others(path: Path, shelf: Path) -> bool:
    if path.parent == shelf:
        return path.name.startswith("lib") and not path.name.startswith(
            "libpython"
        )  # that the program loads by its path
    return path.parent.parent == shelf and path.parent.name.endswith(".libs")


def share_copies(folder: Path) -> int:
    """Make links of libraries that lie twice in one folder, as wheels keep them; return the bytes that this saves."""
    seen: dict[tuple[Path, str], Path] = {}
    saved = 0
    for path in sorted(folder.rglob("*.so*"), key=lambda each: (len(each.name), each.name), reverse=True):
        if path.is_symlink() or not path.is_file():
            continue
        key = (path.parent, hashlib.sha256(path.read_bytes()).hexdigest())
        if (first := seen.setdefault(key, path)) is not path:
            saved += path.stat().st_size
            path.unlink()
            path.symlink_to(first.name)
    return saved


def forget_build(folder: Path) -> list[Path]:
    """Let libraries that look for others in folders of the building machine look beside PyInstaller's own instead.

    The text in the file is overwritten, which needs no tool. Returns the libraries that were changed.
    """
    changed = []
    shelf = shelf_of(folder)
    for path, library in all_of(folder).items():
        strays = [place for place in library.places if place.startswith("/")]
        if not strays:
            continue
        data = path.read_bytes()
        near = f"$ORIGIN/{os.path.relpath(shelf, path.parent)}".encode()
        for stray in strays:
            old = stray.encode()
            data = data.replace(b"\0" + old + b"\0", b"\0" + near[: len(old)].ljust(len(old), b"\0") + b"\0")
        path.write_bytes(data)
        changed.append(path)
    return changed


def newest(folder: Path, name: str) -> tuple[int, ...]:
    """Return the newest version of a system's library that the bundle names, as "GLIBC_2.35"; () for none."""
    pattern = re.compile(rb"\0" + name.encode() + rb"_([0-9]+(?:\.[0-9]+)+)(?=\0)")
    found = {version for path in all_of(folder) for version in pattern.findall(path.read_bytes())}
    return max((tuple(int(part) for part in version.split(b".")) for version in found), default=())
