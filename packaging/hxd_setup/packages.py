"""Makes packages from the bundle's folder: a .deb, an AppImage, a Windows installer."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from hxd_setup.console import ROOT, SetupError, run, say

ID = "hxd-desktop"  # as the window calls itself to the desktop
COMPONENT = "io.github.hxd_desktop"
LINUX = ROOT / "packaging" / "linux"
WINDOWS = ROOT / "packaging" / "windows"
# What Qt and the bundle's own libraries ask of a Debian system.
DEPENDS = (
    "libc6 (>= 2.34), libegl1, libgl1, libx11-6, libxkbcommon0, libxkbcommon-x11-0, libglib2.0-0 | libglib2.0-0t64, "
    "libdbus-1-3, libfontconfig1, libfreetype6, libxcb-cursor0, libxcb-icccm4, libxcb-image0, libxcb-keysyms1, "
    "libxcb-render-util0, libxcb-shape0, libxcb-xkb1"
)
_APPIMAGE_TOOL = "appimagetool"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def formats_of(system: str) -> list[str]:
    """Return the packages that are made where none is named. `system`: as `sys.platform` calls it."""
    return {"linux": ["deb", "appimage"], "win32": ["installer"]}.get(system, [])


def version() -> str:
    """Return the project's version."""
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "hxd_desktop" / "__init__.py").read_text(encoding="utf-8"))
    assert found is not None
    return found.group(1)


def control(size_bytes: int, machine: str) -> str:
    """Return the control file of the .deb. `machine`: as `uname -m` calls it."""
    return (
        f"Package: hxd-desktop\nVersion: {version()}\nArchitecture: {_MACHINES.get(machine, machine)}\n"
        f"Maintainer: HXD Desktop <noreply@localhost>\nInstalled-Size: {-(-size_bytes // 1024)}\nDepends: {DEPENDS}\n"
        "Recommends: fonts-noto-cjk | fonts-wqy-microhei\nSuggests: libreoffice-core, tesseract-ocr\n"
        "Section: utils\nPriority: optional\n"
        "Description: answers from your own folders, offline, with sources\n"
        " An assistant that answers questions from your own documents, names file, page\n"
        " and passage, and says so where they do not cover a question.\n"
    )


def lay_out(folder: Path, icons: Path, root: Path, home: str) -> None:
    """Lay the bundle out below `root` as a Linux system has it: program in `home`, desktop entry, icons, metainfo."""
    shutil.rmtree(str(root), ignore_errors=True)
    target = root / home
    target.parent.mkdir(parents=True)
    shutil.copytree(str(folder), str(target), symlinks=True)
    share = root / "usr" / "share"
    _copy(LINUX / f"{ID}.desktop", share / "applications" / f"{ID}.desktop")
    _copy(LINUX / f"{COMPONENT}.metainfo.xml", share / "metainfo" / f"{COMPONENT}.metainfo.xml")
    _copy(ROOT / "assets" / "icons" / "hxd.svg", share / "icons" / "hicolor" / "scalable" / "apps" / f"{ID}.svg")
    for picture in icons.glob("[0-9]*.png"):
        size = f"{picture.stem}x{picture.stem}"
        _copy(picture, share / "icons" / "hicolor" / size / "apps" / f"{ID}.png")
    programs = root / "usr" / "bin"
    programs.mkdir(parents=True)
    for name in ("hxd", "hxd-desktop"):
        (programs / name).symlink_to(os.path.relpath(str(target / "hxd"), str(programs)))


def make_deb(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make dist/hxd-desktop_VERSION_ARCHITECTURE.deb.

    Raises:
        SetupError: dpkg-deb is missing or fails.
    """
    if shutil.which("dpkg-deb") is None:
        raise SetupError("A .deb is made by dpkg-deb, which is not installed (package dpkg).")
    root = ROOT / "build" / "bundle" / "deb"
    lay_out(folder, icons, root, "usr/lib/hxd-desktop")
    documents = root / "usr" / "share" / "doc" / "hxd-desktop"
    _copy(ROOT / "LICENSE", documents / "copyright")
    _copy(ROOT / "CHANGELOG.md", documents / "changelog.md")
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file())
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control(size, platform.machine()), encoding="utf-8")
    target = dist / f"hxd-desktop_{version()}_{_MACHINES.get(platform.machine(), platform.machine())}.deb"
    # Level 3: a sixth larger than the default, in a tenth of the time.
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), str(target)]
    _call(command, "The .deb could not be made")
    return [target]


def make_appimage(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make the AppDir, and where appimagetool is installed the AppImage from it."""
    root = dist / "HXD_Desktop.AppDir"
    lay_out(folder, icons, root, "usr/lib/hxd-desktop")
    _copy(LINUX / "AppRun", root / "AppRun")
    (root / "AppRun").chmod(0o755)
    _copy(LINUX / f"{ID}.desktop", root / f"{ID}.desktop")
    _copy(icons / "256.png", root / f"{ID}.png")
    (root / ".DirIcon").symlink_to(f"{ID}.png")
    tool = os.environ.get("APPIMAGETOOL") or shutil.which(_APPIMAGE_TOOL)
    if tool is None:
        say(
            "The AppDir is made; appimagetool, which makes one file of it, is not installed. It is on the AppImage "
            "project's page of releases; name it with APPIMAGETOOL=PATH (and its runtime, without a network, with "
            "APPIMAGE_RUNTIME=PATH)."
        )
        return [root]
    target = dist / f"HXD_Desktop-{version()}-{platform.machine()}.AppImage"
    runtime = os.environ.get("APPIMAGE_RUNTIME")
    command = [tool, "--no-appstream", *(["--runtime-file", runtime] if runtime else []), str(root), str(target)]
    _call(command, "The AppImage could not be made", {"ARCH": platform.machine(), "APPIMAGE_EXTRACT_AND_RUN": "1"})
    return [target]


def make_installer(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make the Windows installer with Inno Setup.

    Raises:
        SetupError: Inno Setup is missing or fails.
    """
    tool = shutil.which("iscc") or shutil.which("ISCC", path="C:/Program Files (x86)/Inno Setup 6")
    if tool is None:
        raise SetupError("The installer is made by Inno Setup 6, which is missing (winget: JRSoftware.InnoSetup).")
    defines = {"Version": version(), "Folder": folder, "Icon": icons / "hxd.ico", "Root": ROOT, "Output": dist}
    command = [tool, "/Qp", *(f"/D{name}={value}" for name, value in defines.items()), str(WINDOWS / "hxd.iss")]
    _call(command, "The installer could not be made")
    return [dist / f"hxd-desktop-{version()}-setup.exe"]


def nothing(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make no package: the folder is all."""
    del folder, icons, dist
    return []


MAKERS: Mapping[str, Callable[[Path, Path, Path], list[Path]]] = {
    "folder": nothing,
    "deb": make_deb,
    "appimage": make_appimage,
    "installer": make_installer,
}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(source), str(target))


def _call(command: list[str], complaint: str, variables: Mapping[str, str] | None = None) -> None:
    if run(command, variables) != 0:
        raise SetupError(f"{complaint} (its message is above).")
