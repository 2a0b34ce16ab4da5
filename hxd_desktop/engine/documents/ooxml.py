"""What Word, PowerPoint and Excel files have in common: a zip archive of XML parts tied by relationships."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.builder import one_line
from hxd_desktop.engine.documents.containers import open_zip, parse_xml, read_entry
from hxd_desktop.engine.documents.problems import damaged, password_protected

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMPOUND = b"\xd0\xcf\x11\xe0"
# The strict variant of the standard has other names for the same things.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|presentationml|spreadsheetml)/")
_STRICT_RELATIONS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_DEFAULT_TITLES = re.compile(
    r"(?:powerpoint|pp?t|word|幻灯片|演示文稿|文档|no slide title|untitled).{0,8}$", re.IGNORECASE
)


class Package:
    """An Office file; parts are named as in the archive (`word/document.xml`).

    Raises:
        Unreadable: protected by a password, damaged, or too much inside.
    """

    def __init__(self, data: bytes, called: str) -> None:
        if data.startswith(_COMPOUND):  # an encrypted package is wrapped in the old container
            raise password_protected()
        self._archive = open_zip(data, called)
        self._called = called

    def main_part(self) -> str:
        """Return the name of the part that the document begins with."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise damaged(self._called)

    def xml(self, part: str) -> Element | None:
        """Return the root of a part, None where there is no such part."""
        data = read_entry(self._archive, part)
        if data is None:
            return None
        if b"purl.oclc.org/ooxml" in data[:65536]:
            data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
            data = data.replace(_STRICT_RELATIONS, _RELATIONS)
        return parse_xml(data)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part ("" for the package's own): id -> (last word of the type, target part)."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str]] = {}
        if root is not None:
            for relation in root.iter(f"{_PACKAGE}Relationship"):
                if relation.get("TargetMode") != "External":
                    target = relation.get("Target", "")
                    path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                    found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], path)
        return found

    def title(self) -> str | None:
        """Return the title in the document's properties, unless it is a program's default."""
        root = self.xml("docProps/core.xml")
        title = one_line(root.findtext(_TITLE) or "") if root is not None else ""
        return title if title and not _DEFAULT_TITLES.match(title) else None
