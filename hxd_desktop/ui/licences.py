"""What the application is made of and under which licences, as the installed packages say; no widgets."""

from __future__ import annotations

import importlib.metadata
import json
import re
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine import paths

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_CODE = {".py", ".pyc", ".pyi", ".so", ".h", ".hpp"}
_OWN = "hxd-desktop"
_BROKEN = 55  # a line of so many letters goes on in the next one
_EXTRAS = ("llama-cpp-python", "rapidocr", "onnxruntime")  # brought by the set-up, where it can


@dataclass(frozen=True, slots=True)
class Component:
    """One package; `texts` are the files with its licence."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...] = ()


def components() -> list[Component]:
    """Return what is used, sorted by name; reads many small files, so call it off the UI thread."""
    if (bundle := paths.bundled("licences")) is not None:
        return _of_bundle(bundle)
    found: dict[str, Component] = {}
    waiting = [_OWN, *_EXTRAS]
    seen: set[str] = set()
    while waiting:
        name = _key(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for needed in package.requires or ():
            match = _NAME.match(needed)
            if match and "extra ==" not in needed:
                waiting.append(match[0])
        if name != _OWN:
            found[name] = _component(package)
    icons = paths.assets() / "icons" / "LICENSE"
    found["lucide"] = Component("Lucide", "", "ISC", (icons,) if icons.is_file() else ())
    return sorted(found.values(), key=lambda component: component.name.lower())


def flowing(text: str) -> str:
    """A text whose paragraphs are broken for a terminal, each on one line; what is set by hand stays."""
    made: list[str] = []
    before = ""
    for line in text.splitlines():
        if len(before) >= _BROKEN and (line[:1].isalnum() or line[:1] in ("(", '"', "'")):
            made[-1] += f" {line}"
        else:
            made.append(line)
        before = line
    return "\n".join(made)


def full_text(component: Component) -> str:
    """The licence texts of a component; "" where it brings none."""
    parts = []
    for path in component.texts:
        try:
            parts.append(path.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:
            continue
    return "\n\n".join(parts)


def _of_bundle(folder: Path) -> list[Component]:
    """What stands in the list that the bundle's build made."""
    found = [Component("Lucide", "", "ISC", (folder / "icons-LICENSE",))]
    for part in json.loads((folder / "parts.json").read_text(encoding="utf-8")):
        texts = sorted(path for path in (folder / part["name"]).rglob("*") if path.is_file())
        found.append(Component(part["name"], part["version"], part["licence"], tuple(texts)))
    return sorted(found, key=lambda component: component.name.lower())


def _component(package: importlib.metadata.Distribution) -> Component:
    meta = package.metadata
    texts = tuple(
        Path(str(package.locate_file(file)))
        for file in package.files or ()
        if _TEXT.search(file.name) and file.suffix.lower() not in _CODE
    )
    return Component(
        meta["Name"],
        package.version,
        _licence(meta.get_all("Classifier") or [], *(_first(meta, name) for name in ("License-Expression", "License"))),
        texts,
    )


def _first(meta: importlib.metadata.PackageMetadata, name: str) -> str | None:
    # A field that is missing is None in the standard library and an error in its backport, which others may import.
    return next(iter(meta.get_all(name) or ()), None)


def _licence(classifiers: list[str], stated: str | None, written: str | None) -> str:
    if stated:
        return stated
    named = [line.rsplit(" :: ", 1)[-1] for line in classifiers if line.startswith("License :: ")]
    free = (written or "").strip().splitlines()
    if free and len(free[0]) <= 60:
        return free[0]
    return ", ".join(name for name in named if name != "OSI Approved")


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
