from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.ignore import HIDDEN, OWN_DATA, IgnoreRules


@pytest.mark.parametrize(
    ("path", "is_dir", "rule"),
    [
        ("notes.md", False, None),
        ("deep/er/报告.docx", False, None),
        (".git", True, ".git"),
        ("a/b/node_modules", True, "node_modules"),
        ("Node_Modules", True, "node_modules"),
        ("node_modules", False, None),  # a file of that name is a file
        ("venv", True, "venv"),
        ("venv.md", False, None),
        ("a/__pycache__", True, "__pycache__"),
        (".hidden", False, HIDDEN),
        (".config", True, HIDDEN),
        (".DS_Store", False, ".DS_Store"),
        ("x/thumbs.db", False, "Thumbs.db"),
        ("~$报告.docx", False, "~$*"),
        ("~$folder", True, None),
        (".~lock.plan.odt#", False, ".~lock.*#"),
        ("film.part", False, "*.part"),
        ("page.crdownload", False, "*.crdownload"),
        ("A.TMP", False, "*.tmp"),
        (".notes.md.swp", False, "*.swp"),
        ("notes.md~", False, "*~"),
        ("tmp", False, None),
        ("tmp", True, None),
        ("part", False, None),
        ("System Volume Information", True, "System Volume Information"),
    ],
)
def test_built_in_rules(path: str, is_dir: bool, rule: str | None) -> None:
    assert IgnoreRules().match(path, is_dir) == rule


@pytest.mark.parametrize(
    ("patterns", "path", "is_dir", "rule"),
    [
        (["*.log"], "a/b/x.log", False, "*.log"),
        (["*.log"], "a/b/x.logs", False, None),
        (["/top.md"], "top.md", False, "/top.md"),
        (["/top.md"], "a/top.md", False, None),
        (["build/"], "a/build", True, "build/"),
        (["build/"], "a/build", False, None),
        (["docs/*.txt"], "docs/a.txt", False, "docs/*.txt"),
        (["docs/*.txt"], "docs/a/a.txt", False, None),
        (["**/draft"], "a/b/draft", True, "**/draft"),
        (["a/**"], "a", True, None),
        (["a/**"], "a/x", False, "a/**"),
        (["*.md", "!keep.md"], "keep.md", False, None),
        (["!keep.md", "*.md"], "keep.md", False, "*.md"),
        (["# a comment", "", "*.md"], "x.md", False, "*.md"),
        (["!.github/"], ".github", True, None),
        (["!.github/"], ".github/workflow.md", False, None),
        (["!.github/"], ".github/node_modules", True, "node_modules"),
        (["!.github/"], ".github/.secret", False, HIDDEN),
        (["!.*"], ".a/.b", False, None),
        (["!*.tmp"], "a/x.tmp", False, None),
        (["**"], "a", False, "**"),
        (["草稿*"], "x/草稿 一.md", False, "草稿*"),
    ],
)
def test_the_users_patterns_stand_above_the_built_in_rules(
    patterns: list[str], path: str, is_dir: bool, rule: str | None
) -> None:
    assert IgnoreRules(patterns).match(path, is_dir) == rule


def test_covering_names_the_topmost_ignored_part() -> None:
    rules = IgnoreRules(["drafts/"])
    assert rules.covering("a/b/c.md", False) is None
    assert rules.covering("a/node_modules/b/.git/c.md", False) == ("a/node_modules", "node_modules")
    assert rules.covering("drafts/x.md", False) == ("drafts", "drafts/")
    assert rules.covering("a/.x.md", False) == ("a/.x.md", HIDDEN)


def test_the_applications_own_data_is_left_out(tmp_path: Path) -> None:
    rules = IgnoreRules(["!*"], own_folders=[tmp_path / "home" / "data"]).for_root(tmp_path / "home")
    assert rules.match("data", True) == OWN_DATA
    assert rules.match("data2", True) is None
    assert rules.whole_root is None
    assert rules.for_root(tmp_path / "home" / "data").whole_root == OWN_DATA
    assert rules.for_root(tmp_path / "home" / "data").covering("x.md", False) == ("", OWN_DATA)
    assert rules.for_root(tmp_path / "elsewhere").match("data", True) is None


def test_own_data_is_known_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "data").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    rules = IgnoreRules(own_folders=[tmp_path / "real" / "data"])
    assert rules.for_root(tmp_path / "link").match("data", True) == OWN_DATA


def test_a_bad_pattern_is_the_users_to_mend() -> None:
    with pytest.raises(SettingsError) as raised:
        IgnoreRules(["good", "!"])
    assert "'!'" in raised.value.message
