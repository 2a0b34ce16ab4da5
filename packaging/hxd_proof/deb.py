"""What is proved of the .deb: that it installs, fits into a desktop, is upgraded and goes again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from hxd_proof.machine import Machine
from hxd_proof.use import COVERED

ENTRY = "/usr/share/applications/hxd-desktop.desktop"
METAINFO = "/usr/share/metainfo/io.github.hxd_desktop.metainfo.xml"
# What a desktop has; installed after it was proved that the .deb needs none of it to work in a terminal.
DESKTOP = (
    "xvfb", "fonts-noto-cjk", "xdg-utils", "libglib2.0-bin", "desktop-file-utils", "appstream", "hicolor-icon-theme",
    "gtk-update-icon-cache", "man-db",
)  # fmt: skip
_LDD = """
cd /usr/lib/hxd-desktop/_internal && export LD_LIBRARY_PATH=$PWD
find . -type f -name '*.so*' | while read -r file; do ldd "$file" | sed -n "s|^\\s*|$file: |;/not found/p"; done
"""


def libraries(machine: Machine) -> str:
    missing = machine.run("sh", "-c", _LDD).strip()
    assert not missing, missing
    return "every library finds what it needs"


def terminal(machine: Machine) -> str:
    told, seconds = machine.timed("hxd", "demo", "--json")
    assert len(told["answers"]) == 3, told
    return f"the demo ran in {seconds:.1f} s with nothing installed but what the .deb asks for"


def desktop(machine: Machine) -> str:
    machine.run("desktop-file-validate", ENTRY)
    machine.run("appstreamcli", "validate", "--no-net", METAINFO)
    asked = machine.run("xdg-mime", "query", "default", "x-scheme-handler/hxd").strip()
    assert asked == "hxd-desktop.desktop", f"xdg-mime knows {asked or 'nothing'}"
    told = machine.run("gio", "mime", "x-scheme-handler/hxd")
    assert "hxd-desktop.desktop" in told, told
    machine.run("gtk-update-icon-cache", "--force", "--ignore-theme-index", "/usr/share/icons/hicolor", root=True)
    cache = machine.path("/usr/share/icons/hicolor/icon-theme.cache").read_bytes()
    assert b"hxd-desktop" in cache, "the icon is not in the cache"
    for name in ("hxd", "hxd-desktop"):
        assert machine.run("sh", "-c", f"command -v {name}").strip() == f"/usr/bin/{name}", f"{name} is not on the PATH"
    manual = machine.run("man", "--pager=cat", "hxd")
    assert "offline" in manual and "examples" in manual, manual[:200]
    return (
        "entry and metainfo are valid; xdg-mime and gio know hxd://; icon cached; hxd on the PATH, with a manual page"
    )


def newer(deb: Path, folder: Path) -> Path:
    """Return a copy of the package under a later version."""
    work = folder / "newer"
    shutil.rmtree(work, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--raw-extract", str(deb), str(work)], check=True)
    control = work / "DEBIAN" / "control"
    text = control.read_text("utf-8")
    version = next(line for line in text.splitlines() if line.startswith("Version: "))
    control.write_text(text.replace(version, f"{version}+later"), "utf-8")
    (work / "usr/lib/hxd-desktop/_internal/only-in-the-later").touch()
    target = folder / "later.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(work), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(work)
    return target


def upgrade(machine: Machine, deb: str) -> str:
    before = machine.run("hxd", "status", "--json")
    machine.run("dpkg", "--install", deb, root=True)
    changed = machine.run("dpkg", "--verify", "hxd-desktop", root=True)
    assert not changed, changed
    after = machine.run("hxd", "status", "--json")
    assert after["states"] == before["states"] and after["libraries"], after
    told = machine.run("hxd", "ask", COVERED, "--json")
    assert told["outcome"] == "answered", told["outcome"]
    return f"{sum(after['states'].values())} documents are kept, and answered from"


def removal(machine: Machine) -> str:
    listing = "find .local/share/hxd-desktop -type f ! -name '*.log' -exec md5sum {} + | sort"
    before = machine.run("sh", "-c", listing)
    machine.run("apt-get", "purge", "-qq", "-y", "-o", "Dpkg::Use-Pty=0", "hxd-desktop", root=True)
    left = machine.run(
        "sh", "-c", "find / -xdev -iname '*hxd*' ! -path '/proc/*' ! -path '/home/*' ! -path '/debs*' ! -path '/tmp/*'",
        root=True,
    ).split()  # fmt: skip
    assert not left, f"left behind: {left}"
    for cache in ("/usr/share/applications/mimeinfo.cache", "/usr/share/icons/hicolor/icon-theme.cache"):
        path = machine.path(cache)
        assert not path.exists() or b"hxd-desktop" not in path.read_bytes(), f"{cache} still names it"
    assert machine.run("sh", "-c", listing) == before and before, "the user's data has changed"
    return f"nothing is left but the user's {len(before.splitlines())} files, unchanged"


def lint(deb: Path) -> str:
    command = ["lintian", "--fail-on", "error", "--tag-display-limit", "0", str(deb)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line[:2] in ("E:", "W:")]
    assert done.returncode == 0, "; ".join(lines[:5])
    return f"no errors, {len(lines)} warnings"
