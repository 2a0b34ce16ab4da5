"""What goes into a bundle and what stays out of it: pure decisions, which packaging/bundle/hxd.spec follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

# Loaded by name or read by path, so that PyInstaller does not see them.
COLLECT_DATA = ("fastembed", "rapidocr")
COLLECT_SUBMODULES = ("hxd_desktop", "keyring.backends", "rapidocr")
COLLECT_BINARIES = ("llama_cpp",)
# Asked for their versions, or found through their entry points.
METADATA = ("fastembed", "keyring", "llama-cpp-python", "rapidocr", "onnxruntime")
# Reads scans, and takes 190 MB: in the bundle only if asked for.
OCR = ("rapidocr", "cv2", "shapely", "pyclipper", "omegaconf", "PIL._webp")
EXCLUDED = (
    "IPython",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    "PySide6.QtQuickControls2",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "PySide6.QtUiTools",
    "PIL._avif",  # pictures are read by Qt and MuPDF; fastembed imports Pillow for models that we do not use
    "PIL._imagingcms",
    "PIL._imagingft",
    "hf_xet",  # for uploads and a hub's own downloads; ours go through httpx
    "lxml.html",
    "lxml.isoschematron",
    "lxml.objectify",
    "matplotlib",
    "numpy.f2py",
    "onnxruntime.quantization",  # for `bootstrap.py minilm`, which a bundle has not
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "pip",
    "pydoc_data",
    "setuptools",
    "tkinter",
    "torch",
    "unittest.mock",
)
_QT_LIBRARIES = "EglFS EglFs Qml Quick VirtualKeyboard Designer Sql Test 3D WebEngine Multimedia ShaderTools".split()
_QT_PLUGINS = "generic qmltooling sqldrivers virtualkeyboard designer egldeviceintegrations networkinformation".split()
_QT_PLUGIN_FILES = (
    "libqeglfs libqlinuxfb libqvnc libqminimalegl libqvkkhrdisplay platforminputcontexts/libqtvirtual".split()
)
# GTK's look: its libraries have to be the system's own, and the desktop's portal opens the same file dialogues.
_GTK_PLUGIN = "platformthemes/libqgtk3"
_GTK_LIBRARIES = tuple(
    f"lib{name}"
    for name in "gtk-3 gdk-3 gdk_pixbuf atk atspi cairo pango epoxy fribidi thai datrie pixman harfbuzz".split()
)
_LANGUAGES = ("en", "zh")


def is_wanted(place: str) -> bool:
    """Tell whether a file belongs into the bundle. `place`: where in the bundle it would lie, with any slashes."""
    path = PurePosixPath(place.replace("\\", "/"))
    parts = path.parts
    if len(parts) == 1 and path.name.startswith(_GTK_LIBRARIES):
        return False
    if path.suffix in (".c", ".pyx", ".pxd", ".h", ".hpp", ".a"):
        return False
    if "PySide6" not in parts:
        return not path.name.startswith("_avif.")
    if "translations" in parts:
        language = path.stem.partition("_")[2]
        return path.name.startswith(("qt_", "qtbase_")) and language.startswith(_LANGUAGES)
    if "qml" in parts or "metatypes" in parts or "typesystems" in parts:
        return False
    if "plugins" in parts:
        return not (
            set(parts) & set(_QT_PLUGINS)
            or any(name in str(path) for name in (*_QT_PLUGIN_FILES, _GTK_PLUGIN))
            or "Qt3D" in path.name
        )
    library = path.name.removeprefix("lib").removeprefix("Qt6").removeprefix("Qt")
    return not library.startswith(tuple(_QT_LIBRARIES))


def wanted(entries: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """Return the entries of a PyInstaller table, (place, source, kind), that belong into the bundle."""
    return [entry for entry in entries if is_wanted(entry[0])]


MAC_IDENTIFIER = "io.github.hxd-desktop"  # letters, digits, hyphens and periods alone are allowed


def info_plist(version: str) -> dict[str, object]:
    """Return what a macOS application says of itself, on top of PyInstaller's own."""
    why = "Folders that you add are read, so that questions can be answered from them."
    return {
        "CFBundleVersion": version,
        "CFBundleLocalizations": ["en", "zh_CN"],
        "CFBundleURLTypes": [
            {"CFBundleURLName": MAC_IDENTIFIER, "CFBundleURLSchemes": ["hxd"], "CFBundleTypeRole": "Viewer"}
        ],
        # What may be dropped on the icon in the dock; it never becomes the program that opens them by itself.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Folder or document",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.folder", "public.content", "public.text", "public.data"],
            }
        ],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSBackgroundOnly": False,  # PyInstaller's guess is True, as the program can be used in a terminal as well
        "LSMinimumSystemVersion": "13.0",  # Qt's
        "NSHighResolutionCapable": True,
        "NSDesktopFolderUsageDescription": why,
        "NSDocumentsFolderUsageDescription": why,
        "NSDownloadsFolderUsageDescription": why,
        "NSRemovableVolumesUsageDescription": why,
    }
