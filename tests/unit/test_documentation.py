"""What the documents point to is there, and the commands that they show can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hxd_desktop.cli.parser import build_parser

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])


def name(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            file = document.parent / path if path else document
            assert file.exists(), f"{target} in {name(document)}"
            if anchor:
                assert anchor in anchors(file), f"{target} in {name(document)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_that_are_shown_can_be_typed(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in re.findall(r"^    (?:\.venv/bin/)?hxd (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            build_parser().parse_args(shlex.split(line, comments=True))
        except SystemExit:
            pytest.fail(f"hxd {line}: {capsys.readouterr().err}")


def anchors(file: Path) -> set[str]:
    """The anchors that a heading gets when it is shown."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_part_of_the_engine_stands_on_the_page_of_the_house() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = [path for path in (ROOT / "hxd_desktop" / "engine").iterdir() if not path.name.startswith("__")]
    assert [path.name for path in parts if not re.search(rf"[/`]{re.escape(path.name)}[/`]", page)] == []


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [file.name[:4] for file in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == sorted(set(numbers))
    for file in (ROOT / "docs" / "decisions").glob("*.md"):
        assert file.read_text(encoding="utf-8").startswith(f"# {int(file.name[:4])}. ")


def test_the_guides_have_the_same_sections_and_pictures_in_both_languages() -> None:
    english, chinese = ((ROOT / "docs" / f"guide.{code}.md").read_text(encoding="utf-8") for code in ("en", "zh"))

    def outline(text: str) -> list[str]:
        """What a guide consists of, without its words: headings, pictures, lines of code, rows of tables."""
        return re.findall(r"^(#+ |    \S.*|\|)|!\[[^\]]+\]\(pictures/(\w+)\.\w\w\.png\)", text, re.MULTILINE)

    assert outline(english) == outline(chinese)
    for code, text in (("en", english), ("zh", chinese)):
        assert set(re.findall(r"\]\(pictures/\w+\.(\w\w)\.png\)", text)) == {code}


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures and max(picture.stat().st_size for picture in pictures) < 300_000


# Written apart, so that this file does not name them either.
INDEX_HOSTS = re.compile("|".join(re.escape(".".join(parts)) for parts in (("pypi", "org"), ("files", "pythonhosted"))))


@pytest.mark.parametrize("pattern", ["*.md", "*.toml", "*.txt", "*.py", "*.yml", "*.json"])
def test_no_package_index_is_named(pattern: str) -> None:
    """Everybody's index is another; locks hold hashes and no addresses."""
    folders = ("docs", "packaging", "hxd_desktop", "tests", "benchmarks", "assets", ".github")
    files = [*ROOT.glob(pattern), *(file for folder in folders for file in (ROOT / folder).rglob(pattern))]
    assert [name(file) for file in files if INDEX_HOSTS.search(file.read_text("utf-8", "replace"))] == []
