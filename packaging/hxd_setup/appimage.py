"""Makes one file of an AppDir: a runtime of our own (packaging/appimage/runtime.c), and behind it a squashfs image."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hxd_setup import system
from hxd_setup.console import ROOT, SetupError, complaint_of, run

SOURCE = ROOT / "packaging" / "appimage" / "runtime.c"
# Debian's packages that this takes, beside a compiler.
PACKAGES = (
    "squashfs-tools", "libsquashfuse-dev", "libfuse3-dev", "zlib1g-dev", "liblzma-dev", "libzstd-dev", "liblz4-dev",
    "liblzo2-dev",
)  # fmt: skip
_HEADERS = ("/usr/include/squashfuse", "/usr/include/fuse3")
_LIBRARIES = ("squashfuse_ll", "squashfuse", "fuse3", "z", "lzma", "zstd", "lz4", "lzo2", "pthread", "dl")
_MAGIC_AT, _MAGIC = 8, b"AI\x02"  # in a part of the ELF header that Linux passes over


def compile_runtime(target: Path) -> str | None:
    """Compile the runtime; return None, or why it cannot be: what is missing."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return "there is no C compiler"
    command = [compiler, "-static", "-Os", "-s", "-o", str(target), *(f"-I{folder}" for folder in _HEADERS)]
    complaint = complaint_of([*command, str(SOURCE), *(f"-l{name}" for name in _LIBRARIES)])
    return None if complaint is None else complaint.splitlines()[0]


def lack() -> str | None:
    """Return what to install before an AppImage can be made; None where all is there."""
    with tempfile.TemporaryDirectory() as folder:
        problem = compile_runtime(Path(folder) / "runtime")
    if problem is None and shutil.which("mksquashfs") is not None:
        return None
    line = system.install_line([], "apt-get", system.is_administrator())
    return f"{problem or 'mksquashfs is missing'}. On Debian and Ubuntu:  {line} {' '.join(PACKAGES)}"


def make(root: Path, target: Path) -> None:
    """Make an AppImage of type 2 from an AppDir.

    Raises:
        SetupError: a tool is missing, or fails.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        runtime, image = Path(folder) / "runtime", Path(folder) / "image"
        problem = compile_runtime(runtime)
        if problem is not None:
            raise SetupError(f"The AppImage's runtime cannot be compiled: {problem}")
        options = ["-noappend", "-all-root", "-no-xattrs", "-comp", "zstd", "-b", "512K", "-no-progress", "-quiet"]
        if run(["mksquashfs", str(root), str(image), *options]) != 0:
            raise SetupError("mksquashfs failed (its message is above).")
        begin = bytearray(runtime.read_bytes())
        begin[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] = _MAGIC
        with open(target, "wb") as stream:
            stream.write(begin)
            with open(image, "rb") as packed:
                shutil.copyfileobj(packed, stream, 1 << 20)
    target.chmod(0o755)
