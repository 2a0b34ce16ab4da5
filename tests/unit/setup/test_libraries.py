"""Made of ELF files that hold a dynamic section and nothing else."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from hxd_setup import bundle, libraries
from hxd_setup.console import SetupError


def elf(path: Path, *needed: str, soname: str = "", place: str = "", more: bytes = b"") -> Path:
    strings = b"\0"
    entries = []
    for tag, text in [*((1, name) for name in needed), (14, soname), (29, place)]:
        if text:
            entries.append((tag, len(strings)))
            strings += text.encode() + b"\0"
    start = 64 + 2 * 56
    address = 0x1000  # loaded elsewhere than it lies in the file
    size = (len(entries) + 2) * 16
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in [*entries, (5, address + start + size), (0, 0)])
    length = start + size + len(strings)
    header = (
        b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    )
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, address, address, length, length, 0x1000)
    table = struct.pack("<IIQQQQQQ", 2, 6, start, address + start, 0, size, size, 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + load + table + dynamic + strings + more)
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    elf(tmp_path / "hxd", "libc.so.6")
    return tmp_path / "_internal"


def test_a_library_says_its_name_its_needs_and_its_places(tmp_path: Path) -> None:
    path = elf(tmp_path / "x.so", "libc.so.6", "libz.so.1", soname="libx.so.1", place="$ORIGIN/../lib:/opt")
    assert libraries.read(path) == libraries.Library(
        "libx.so.1", ("libc.so.6", "libz.so.1"), ("$ORIGIN/../lib", "/opt")
    )
    (tmp_path / "text").write_text("x")
    assert libraries.read(tmp_path / "text") is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads a real one")
def test_a_real_library_is_read() -> None:
    import _ctypes

    library = libraries.read(Path(_ctypes.__file__))
    assert library is not None
    assert any(name.startswith("libffi") for name in library.needed)


def test_what_is_neither_in_the_bundle_nor_the_systems_is_missing(tmp_path: Path, shelf: Path) -> None:
    elf(shelf / "a" / "one.so", "libc.so.6", "libnear.so", "libshelf.so", "libnone.so", place="$ORIGIN/lib")
    elf(shelf / "a" / "lib" / "libnear.so")
    elf(shelf / "libshelf.so", "libX11.so.6")
    assert libraries.missing(tmp_path) == ["libnone.so, which _internal/a/one.so needs"]
    assert libraries.packages(tmp_path) == ["libc6", "libx11-6"]
    with pytest.raises(SetupError, match="libnone"):
        bundle.tidy(tmp_path)
    elf(shelf / "libnone.so")
    bundle.tidy(tmp_path)


def test_what_nothing_needs_goes_and_so_does_what_only_that_needed(tmp_path: Path, shelf: Path) -> None:
    elf(shelf / "module.so", "libused.so")
    elf(shelf / "libused.so")
    elf(shelf / "libidle.so", "libidle2.so")
    elf(shelf / "libidle2.so")
    elf(shelf / "libpython3.11.so.1.0")
    elf(shelf / "libX11.so.6")
    elf(shelf / "module2.so", "libX11.so.6", "libours-1.so", place="$ORIGIN/x.libs")
    elf(shelf / "x.libs" / "libours-1.so")
    elf(shelf / "x.libs" / "libidle-2.so")
    elf(shelf / "package" / "libplugin.so")
    (shelf / "link.so").symlink_to("libidle.so")
    dropped = {path.name for path in libraries.drop_unneeded(tmp_path)}
    assert dropped == {"libidle.so", "libidle2.so", "libX11.so.6", "libidle-2.so"}
    assert not (shelf / "link.so").is_symlink()


def test_copies_beside_each_other_become_one(shelf: Path) -> None:
    first = elf(shelf / "lib" / "libg.so.0")
    copy = elf(shelf / "lib" / "libg.so")
    other = elf(shelf / "lib" / "libother.so", more=b"!")
    elsewhere = elf(shelf / "libg.so.0")
    assert libraries.share_copies(shelf) == first.stat().st_size
    assert copy.is_symlink() and copy.resolve() == first
    assert not other.is_symlink() and not elsewhere.is_symlink()


def test_the_c_library_that_is_asked_for_is_the_newest_that_anything_names(tmp_path: Path, shelf: Path) -> None:
    elf(shelf / "one.so", more=b"\0GLIBC_2.17\0GLIBC_2.9\0")
    elf(shelf / "two.so", more=b"\0GLIBC_2.35\0GLIBCXX_3.4.30\0")
    assert libraries.newest(tmp_path, "GLIBC") == (2, 35)
    assert libraries.newest(tmp_path, "GLIBCXX") == (3, 4, 30)
    assert libraries.newest(tmp_path, "CXXABI") == ()


def test_folders_of_the_building_machine_are_forgotten(tmp_path: Path, shelf: Path) -> None:
    path = elf(shelf / "python3.11" / "lib-dynload" / "x.so", "libz.so.1", place="/root/.pyenv/versions/3.11.7/lib")
    short = elf(shelf / "y.so", "libz.so.1", place="/o")
    own = elf(shelf / "z.so", "libz.so.1", place="$ORIGIN/lib")
    elf(shelf / "libz.so.1")
    kept = own.read_bytes()
    assert libraries.forget_build(tmp_path) == [path, short]
    assert libraries.read(path) == libraries.Library("x.so", ("libz.so.1",), ("$ORIGIN/../..",))
    assert not any(place.startswith("/") for place in libraries.read(short).places)
    assert own.read_bytes() == kept
    assert libraries.missing(tmp_path) == []
