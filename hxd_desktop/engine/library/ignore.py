"""Which files and folders are left out, and by which rule.

Built-in rules cover what no one wants to ask about: version control, dependencies, caches, lock files, partial
downloads, hidden entries. The user's own patterns are gitignore-style, stand above the built-in rules, and may
bring something back with a leading "!".
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine.errors import SettingsError

HIDDEN = "hidden"
OWN_DATA = "data of HXD Desktop"

# Compared in lower case: the systems that ignore case are the ones that write Thumbs.db.
_FOLDERS = {
    name.lower(): name
    for name in (
        ".git .hg .svn .venv .tox .nox .cache .mypy_cache .pytest_cache .ruff_cache .ipynb_checkpoints "
        "node_modules bower_components __pycache__ venv __MACOSX lost+found $RECYCLE.BIN"
    ).split()
} | {"system volume information": "System Volume Information"}
_FILES = {name.lower(): name for name in (".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r")}
_SUFFIXES = frozenset("tmp temp part partial crdownload swp swo pyc pyo".split())


class IgnoreRules:
    """The rules of one folder. Immutable; any thread may use it.

    Args:
        patterns: gitignore-style lines of the user; the last one that matches decides.
        own_folders: absolute folders that are never indexed: the application's own data.

    Raises:
        SettingsError: a pattern is not valid.
    """

    def __init__(self, patterns: Sequence[str] = (), *, own_folders: Sequence[Path] = ()) -> None:
        self._patterns = tuple(_compile(patterns))
        self._own_folders = tuple(own_folders)
        self._root: str | None = None
        self._own: frozenset[str] = frozenset()

    def for_root(self, root: Path | str) -> IgnoreRules:
        """Return the same rules for paths relative to `root`, so that own folders inside it are known."""
        if self._root == str(root):
            return self
        bound = copy.copy(self)
        bound._root = str(root)
        bound._own = frozenset(_relative(self._own_folders, root))
        return bound

    @property
    def whole_root(self) -> str | None:
        """The rule that leaves out the root itself and all in it, or None; needs `for_root`."""
        return OWN_DATA if "" in self._own else None

    def match(self, path: str, is_dir: bool) -> str | None:
        """Return the rule that leaves out this one entry, or None.

        `path` is relative to the folder, with "/" between its parts. Only the entry itself is judged: whoever
        walks down from the folder has judged its parents already.
        """
        if path in self._own:
            return OWN_DATA
        for pattern in self._patterns:
            if pattern.matches(path, is_dir):
                return pattern.text if pattern.ignores else None
        return builtin_rule(path.rpartition("/")[2], is_dir)

    def covering(self, path: str, is_dir: bool) -> tuple[str, str] | None:
        """Return (the topmost ignored part of `path`, its rule), or None if no part of it is ignored."""
        if "" in self._own:
            return "", OWN_DATA
        end = path.find("/")
        while end != -1:
            rule = self.match(path[:end], True)
            if rule is not None:
                return path[:end], rule
            end = path.find("/", end + 1)
        rule = self.match(path, is_dir)
        return None if rule is None else (path, rule)


def builtin_rule(name: str, is_dir: bool) -> str | None:
    """Return the built-in rule that leaves out an entry of this name, or None."""
    lower = name.lower()
    known = (_FOLDERS if is_dir else _FILES).get(lower)
    if known is not None:
        return known.strip()
    first = name[:1]
    if not is_dir:
        if first == "~" and name[1:2] == "$":
            return "~$*"
        if first == "." and lower.startswith(".~lock.") and name.endswith("#"):
            return ".~lock.*#"
        if name[-1:] == "~":
            return "*~"
        suffix = lower.rpartition(".")[2]
        if suffix in _SUFFIXES and len(suffix) < len(lower):
            return f"*.{suffix}"
    return HIDDEN if first == "." else None


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One line of the user; `ignores` is False for one with a leading "!"."""

    text: str
    regex: re.Pattern[str]
    ignores: bool

    def matches(self, path: str, is_dir: bool) -> bool:
        """Say whether the entry itself matches, not one of its parents: those have been judged before it."""
        path = f"{path}/" if is_dir else path
        found = self.regex.match(path)
        if found is None:
            return False
        if "ps_d" in self.regex.groupindex:  # pathspec's name for the "/" that ends what matched
            return found.end() == len(path)
        return not (is_dir and found.end() == len(path))  # "a/**" is what is in "a", not "a" itself


def _compile(lines: Sequence[str]) -> Iterator[_Pattern]:
    """Yield the patterns, the last line first, as the last one decides."""
    if not lines:
        return
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    for line in reversed(lines):
        try:
            pattern = GitIgnoreSpecPattern(line)
        except GitIgnorePatternError as error:
            raise SettingsError(
                "An ignore pattern is not valid",
                f"{line!r} cannot be understood.",
                "Write it as in a .gitignore file, or remove it.",
            ) from error
        if pattern.include is not None and pattern.regex is not None:
            yield _Pattern(line.strip(), pattern.regex, pattern.include)


def _relative(folders: Iterable[Path], root: Path | str) -> Iterable[str]:
    """Yield the folders that lie in `root` (or are it, as ""), relative, under every name they may be met by."""
    for base in {os.path.abspath(root), os.path.realpath(root)}:
        for folder in folders:
            for name in {os.path.abspath(folder), os.path.realpath(folder)}:
                if name == base:
                    yield ""
                elif name.startswith(base.rstrip(os.sep) + os.sep):
                    yield name[len(base.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
