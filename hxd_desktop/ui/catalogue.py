"""Brings the Linguist files up to date with the texts of the window: `python -m hxd_desktop.ui.catalogue`."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from hxd_desktop.ui.i18n import CONTEXT, LANGUAGES, read_translations, translation_file

_PACKAGE = Path(__file__).resolve().parent


class NotLiteral(Exception):  # noqa: N818 - a finding about the source, shown by the test that collects
    """A text to translate is not written out, so it cannot be collected."""


def collect(package: Path = _PACKAGE) -> dict[str, str]:
    """Return every text of the window and the module where it first stands.

    Raises:
        NotLiteral: `plural` or `mark` is given something else than literal strings.
    """
    found: dict[str, str] = {}
    for file in sorted(package.rglob("*.py")):
        where = file.relative_to(package.parent.parent).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for text in _texts(node, node.func.id, f"{where}:{node.lineno}"):
                    found.setdefault(text, where)
    return found


def _texts(call: ast.Call, name: str, where: str) -> list[str]:
    if name == "t":
        # A name that is passed on was collected where it was marked.
        first = call.args[0]
        return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
    count = {"mark": (0, 1), "plural": (1, 3)}.get(name)
    if count is None:
        return []
    texts = []
    for argument in call.args[slice(*count)]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            texts.append(argument.value)
        elif where.rpartition(":")[0] != "hxd_desktop/ui/i18n.py":
            raise NotLiteral(where)
    return texts


def render(language: str, texts: dict[str, str], known: dict[str, str]) -> str:
    """Write a Linguist file: `texts` in order of module and text, with the translations that are `known`."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>", f'<TS version="2.1" language="{language}">']
    lines += ["<context>", f"    <name>{CONTEXT}</name>"]
    for text, where in sorted(texts.items(), key=lambda item: (item[1], item[0])):
        translation = known.get(text)
        body = (
            f"<translation>{escape(translation)}</translation>"
            if translation
            else '<translation type="unfinished"></translation>'
        )
        lines += ["    <message>", f'        <location filename="../../{where}"/>']
        lines += [f"        <source>{escape(text)}</source>", f"        {body}", "    </message>"]
    return "\n".join([*lines, "</context>", "</TS>", ""])


def main() -> int:
    """Rewrite every Linguist file; say what is still to be translated."""
    texts, unfinished = collect(), 0
    for language in LANGUAGES:
        if language == "en":
            continue
        file = translation_file(language)
        known = read_translations(file)
        file.write_text(render(language, texts, known), encoding="utf-8")
        for text in sorted(set(texts) - set(known)):
            unfinished += 1
            sys.stdout.write(f"{language}: {text}\n")
    return 1 if unfinished else 0


if __name__ == "__main__":
    raise SystemExit(main())
