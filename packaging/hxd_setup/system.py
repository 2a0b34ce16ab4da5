"""What the application needs from the operating system, and how each package manager calls it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hxd_setup.console import output_of, run, say


@dataclass(frozen=True)
class Need:
    """One thing that has to be on the machine: how to see it, and its package by package manager."""

    name: str
    packages: Mapping[str, str]
    present: Callable[[], bool]


def _library(soname: str, apt: str, dnf: str, pacman: str, zypper: str) -> Need:
    packages = {"apt-get": apt, "dnf": dnf, "pacman": pacman, "zypper": zypper}
    return Need(soname, packages, lambda: can_load(soname))


def can_load(soname: str) -> bool:
    """Tell whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Tell whether fontconfig, or failing that the usual folders, know a font with Simplified Chinese."""
    listed = output_of(["fc-list", ":lang=zh-cn", "file"])
    if listed is not None:
        return bool(listed)
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    known = ("cjk", "wqy", "droidsansfallback", "sourcehan", "uming", "ukai", "notosanssc")
    return any(
        mark in path.name.lower()
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*.[to]t[cf]")
        for mark in known
    )


def compiler() -> str | None:
    """Return the path of a C++ compiler, None where none is found; on Windows CMake finds MSVC by itself."""
    if sys.platform == "win32":
        return _visual_studio()
    chosen = os.environ.get("CXX", "").split()
    for name in [*chosen[:1], "c++", "g++", "clang++"]:
        found = shutil.which(name)
        if found:
            return found
    return None


def _visual_studio() -> str | None:
    locator = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"))
    locator = locator / "Microsoft Visual Studio" / "Installer" / "vswhere.exe"
    component = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
    found = output_of(
        [str(locator), "-latest", "-products", "*", "-requires", component, "-property", "installationPath"]
    )
    return found or shutil.which("cl")


WINDOW = (
    _library("libEGL.so.1", "libegl1", "mesa-libEGL", "libglvnd", "libEGL1"),
    _library("libGL.so.1", "libgl1", "mesa-libGL", "libglvnd", "libGL1"),
    _library("libX11.so.6", "libx11-6", "libX11", "libx11", "libX11-6"),
    _library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    _library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    _library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    _library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    _library("libfreetype.so.6", "libfreetype6", "freetype", "freetype2", "libfreetype6"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    _library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    _library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    _library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    _library(
        "libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"
    ),
    Need(
        "a font with Chinese characters",
        {
            "apt-get": "fonts-wqy-microhei",
            "dnf": "google-noto-sans-cjk-fonts",
            "pacman": "noto-fonts-cjk",
            "zypper": "google-noto-sans-sc-fonts",
        },
        has_chinese_font,
    ),
)

COMPILER = Need(
    "a C++ compiler",
    {
        "apt-get": "g++",
        "dnf": "gcc-c++",
        "pacman": "gcc",
        "zypper": "gcc-c++",
        "xcode": "--install",
        "winget": "Microsoft.VisualStudio.2022.BuildTools --override "
        '"--quiet --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"',
    },
    lambda: compiler() is not None,
)

_INSTALL: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("apt-get", "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y"),
    "pacman": ("pacman", "-S", "--needed", "--noconfirm"),
    "zypper": ("zypper", "install", "-y"),
    "xcode": ("xcode-select",),
    "winget": ("winget", "install", "-e", "--id"),
}


def package_manager(platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """Return the key of this machine's package manager in `_INSTALL`, None for one that is not known."""
    if platform == "darwin":
        return "xcode"
    if platform == "win32":
        return "winget"
    return next((name for name in ("apt-get", "dnf", "pacman", "zypper") if which(name)), None)


def missing(needs: Sequence[Need]) -> list[Need]:
    """Return those of `needs` that this machine lacks, in order."""
    return [need for need in needs if not need.present()]


def install_line(needs: Sequence[Need], manager: str | None, administrator: bool = True) -> str:
    """Return the one line that installs `needs`, with sudo for an ordinary user; names alone if unknown."""
    if manager is None:
        return ", ".join(need.name for need in needs)
    packages = sorted({need.packages[manager] for need in needs if manager in need.packages})
    line = " ".join([*_INSTALL[manager], *packages])
    return line if administrator or manager in ("xcode", "winget") else f"sudo {line}"


def is_administrator() -> bool:
    """Tell whether packages can be installed without asking anybody."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages; what dpkg unpacks is not shown, what goes wrong is."""
    silent = {"DEBIAN_FRONTEND": "noninteractive"}
    line = [*_INSTALL["apt-get"], "-qq", "-o", "Dpkg::Use-Pty=0", *packages]
    run(["apt-get", "update", "-qq"], silent, subprocess.DEVNULL)
    run(line, silent, subprocess.DEVNULL)


def provide(needs: Sequence[Need], purpose: str) -> bool:
    """See that `needs` are there: install them as root on Debian, else say which line does. True if all are."""
    lacking = missing(needs)
    if not lacking:
        return True
    manager = package_manager()
    if manager == "apt-get" and is_administrator():
        names = sorted({need.packages[manager] for need in lacking})
        say(f"Installing {len(names)} system packages {purpose}: {' '.join(names)}")
        _apt_install(names)
        lacking = missing(lacking)
        if not lacking:
            return True
    names_of = ", ".join(need.name for need in lacking)
    say(f"Missing {purpose}: {names_of}.\nTo install:  {install_line(lacking, manager, is_administrator())}")
    return False
