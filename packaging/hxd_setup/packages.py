"""Makes packages from the bundle's folder: a .deb, an AppImage, a Windows installer, a macOS disk image."""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path

from hxd_setup import appimage, libraries
from hxd_setup.console import ROOT, SetupError, run, say

ID = "hxd-desktop"  # as the window calls itself to the desktop
COMPONENT = "io.github.hxd_desktop"
LINUX = ROOT / "packaging" / "linux"
CHANGES = ROOT / "CHANGELOG.md"
HOME = "usr/lib/hxd-desktop"  # where the bundle lies below the root of a Linux system
WINDOWS = ROOT / "packaging" / "windows"
# What is read or started, not linked: the keyboard's layouts, and what opens documents and links.
_READ = ("xkb-data",)
# Which GCC brought which version of the C++ library, as libstdc++6 is numbered by it.
_CXX: Mapping[tuple[int, ...], str] = {
    (3, 4, 30): "12",
    (3, 4, 31): "13",
    (3, 4, 32): "13.2",
    (3, 4, 33): "14",
    (3, 4, 34): "15",
}
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def formats_of(system: str) -> list[str]:
    """Return the packages that are made where none is named. `system`: as `sys.platform` calls it."""
    return {"linux": ["deb", "appimage"], "win32": ["installer"], "darwin": ["dmg"]}.get(system, [])


def version() -> str:
    """Return the project's version."""
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "hxd_desktop" / "__init__.py").read_text(encoding="utf-8"))
    assert found is not None
    return found.group(1)


def depends(folder: Path) -> str:
    """Return what the bundle asks of a Debian system, from what its libraries name."""
    glibc, cxx = libraries.newest(folder, "GLIBC"), libraries.newest(folder, "GLIBCXX")
    at_least = {"libc6": ".".join(map(str, glibc)), "libstdc++6": _CXX.get(cxx, "")}
    names = sorted({*libraries.packages(folder), *_READ})
    return ", ".join(f"{name} (>= {at_least[name]})" if at_least.get(name) else name for name in names)


def maintainer() -> str:
    """Return who answers for the package: as Debian's tools, DEBFULLNAME and DEBEMAIL."""
    return f"{os.environ.get('DEBFULLNAME', 'HXD Desktop')} <{os.environ.get('DEBEMAIL', 'noreply@localhost')}>"


def changelog() -> str:
    """Return the package's change log in Debian's form, of one entry, dated as the metainfo dates the release."""
    found = re.search(
        r'<release version="[^"]+" date="([^"]+)"', (LINUX / f"{COMPONENT}.metainfo.xml").read_text("utf-8")
    )
    assert found is not None
    date = datetime.fromisoformat(found.group(1)).replace(tzinfo=timezone.utc)  # noqa: UP017 - Python 3.8 reads this
    return (
        f"hxd-desktop ({version()}) unstable; urgency=medium\n\n  * What has changed is in CHANGELOG.md.gz.\n\n"
        f" -- {maintainer()}  {format_datetime(date)}\n"
    )


def control(size_bytes: int, machine: str, needs: str) -> str:
    """Return the control file of the .deb. `machine`: as `uname -m` calls it; `needs`: its field Depends."""
    return (
        f"Package: hxd-desktop\nVersion: {version()}\nArchitecture: {_MACHINES.get(machine, machine)}\n"
        f"Maintainer: {maintainer()}\nInstalled-Size: {-(-size_bytes // 1024)}\nDepends: {needs}\n"
        "Recommends: fonts-noto-cjk | fonts-wqy-microhei, xdg-utils\nSuggests: libreoffice-core, tesseract-ocr\n"
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
    lay_out(folder, icons, root, HOME)
    share = root / "usr" / "share"
    _copy(LINUX / "copyright", share / "doc" / "hxd-desktop" / "copyright")
    _pack(CHANGES.read_bytes(), share / "doc" / "hxd-desktop" / "CHANGELOG.md.gz")
    _pack(changelog().encode(), share / "doc" / "hxd-desktop" / "changelog.gz")
    for name in ("hxd", "hxd-desktop"):
        _pack((LINUX / "hxd.1").read_bytes(), share / "man" / "man1" / f"{name}.1.gz")
    _copy(LINUX / "lintian-overrides", share / "lintian" / "overrides" / "hxd-desktop")
    _set_modes(root)
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    (root / "DEBIAN").mkdir(mode=0o755)
    needs = depends(root / HOME)
    size = sum(path.stat().st_size for path in files)
    (root / "DEBIAN" / "control").write_text(control(size, platform.machine(), needs), encoding="utf-8")
    sums = "".join(f"{_md5(path)}  {path.relative_to(root).as_posix()}\n" for path in files)
    (root / "DEBIAN" / "md5sums").write_text(sums, encoding="utf-8")
    target = dist / f"hxd-desktop_{version()}_{_MACHINES.get(platform.machine(), platform.machine())}.deb"
    # Level 3: a sixth larger than the default, in a tenth of the time.
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), str(target)]
    _call(command, "The .deb could not be made")
    return [target]


def make_appimage(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make the AppDir, and where its tools are there the AppImage from it."""
    root = dist / "HXD_Desktop.AppDir"
    lay_out(folder, icons, root, HOME)
    _copy(LINUX / "AppRun", root / "AppRun")
    _copy(LINUX / f"{ID}.desktop", root / f"{ID}.desktop")
    _copy(icons / "256.png", root / f"{ID}.png")
    (root / ".DirIcon").symlink_to(f"{ID}.png")
    _set_modes(root)
    lack = appimage.lack()
    if lack is not None:
        say(f"The AppDir is made, and no AppImage from it: {lack}")
        return [root]
    for package in appimage.PACKAGES:  # what the runtime is linked with
        terms = Path("/usr/share/doc") / package / "copyright"
        if terms.is_file():
            _copy(terms, root / "usr" / "share" / "doc" / "appimage-runtime" / package)
    target = dist / f"HXD_Desktop-{version()}-{platform.machine()}.AppImage"
    appimage.make(root, target)
    return [root, target]


def make_installer(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make the Windows installer with Inno Setup.

    Raises:
        SetupError: Inno Setup is missing or fails.
    """
    tool = shutil.which("iscc") or shutil.which("ISCC", path="C:/Program Files (x86)/Inno Setup 6")
    if tool is None:
        raise SetupError("The installer is made by Inno Setup 6, which is missing (winget: JRSoftware.InnoSetup).")
    defines = {
        "Version": version(),
        "Folder": folder,
        "Icon": icons / "hxd.ico",
        "Root": ROOT,
        "Output": dist,
        # One file of an installer cannot be larger than 2.1 GB; with large models inside it comes in several.
        "Spanning": "yes" if sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > 2e9 else "no",
    }
    command = [tool, "/Qp", *(f"/D{name}={value}" for name, value in defines.items()), str(WINDOWS / "hxd.iss")]
    _call(command, "The installer could not be made")
    return sorted(dist.glob(f"hxd-desktop-{version()}-setup*"))


def make_dmg(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make the macOS disk image: the application, and a link to where it is dragged.

    It is signed where HXD_CODESIGN_IDENTITY names a certificate, as the application in it was by PyInstaller.

    Raises:
        SetupError: a step fails.
    """
    del icons
    stage = folder.parent.parent / "build" / "bundle" / "dmg"
    shutil.rmtree(str(stage), ignore_errors=True)
    stage.mkdir(parents=True)
    application = dist / "HXD Desktop.app"
    # ditto keeps the links and attributes that a signature covers.
    _call(["ditto", str(application), str(stage / application.name)], "The application could not be copied")
    (stage / "Applications").symlink_to("/Applications")
    target = dist / f"HXD-Desktop-{version()}-{platform.machine()}.dmg"
    command = ["hdiutil", "create", "-volname", "HXD Desktop", "-srcfolder", str(stage), "-fs", "HFS+"]
    _call([*command, "-format", "UDZO", "-ov", str(target)], "The disk image could not be made")
    identity = os.environ.get("HXD_CODESIGN_IDENTITY")
    if identity:
        _call(["codesign", "--sign", identity, "--timestamp", str(target)], "The disk image could not be signed")
    return [target]


def nothing(folder: Path, icons: Path, dist: Path) -> list[Path]:
    """Make no package: the folder is all."""
    del folder, icons, dist
    return []


MAKERS: Mapping[str, Callable[[Path, Path, Path], list[Path]]] = {
    "folder": nothing,
    "deb": make_deb,
    "appimage": make_appimage,
    "installer": make_installer,
    "dmg": make_dmg,
}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(source), str(target))


def _pack(data: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(data, 9, mtime=0))


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)  # what dpkg compares files by
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _set_modes(root: Path) -> None:
    """Let everybody read, whatever the umask of the build was; of the bundle's files one alone is a program."""
    for path in root.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.name in ("hxd", "AppRun")
            path.chmod(0o755 if runs else 0o644)
    root.chmod(0o755)


def _call(command: list[str], complaint: str, variables: Mapping[str, str] | None = None) -> None:
    if run(command, variables) != 0:
        raise SetupError(f"{complaint} (its message is above).")
