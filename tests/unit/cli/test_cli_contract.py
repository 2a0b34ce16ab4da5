"""The grammar and docs/cli.md say the same as contract.toml, command by command."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from hxd_desktop.cli.parser import build_parser
from hxd_desktop.engine.answering.model import Outcome
from tests.unit.cli.contract import COMMANDS, CONTRACT

REFERENCE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def leaves(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                found |= leaves(child, (*path, name))
    return found or {" ".join(path): parser}


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings if name.startswith("--")} - {"--help"}


def arguments(parser: argparse.ArgumentParser) -> list[str]:
    return [
        str(action.metavar)
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]


def last_key(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")


def section(command: str) -> str:
    """The part of the reference under the heading of `command`."""
    pattern = rf"^## `hxd {re.escape(command)}(?: [A-Z.]+)*`\n(.*?)(?=^## |\Z)"
    match = re.search(pattern, REFERENCE, re.MULTILINE | re.DOTALL)
    assert match, f"docs/cli.md has no section for hxd {command}"
    return match[1]


LEAVES = leaves(build_parser())


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(LEAVES) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_arguments_and_options_are_those_of_the_contract(command: str) -> None:
    assert options(LEAVES[command]) == set(COMMANDS[command]["options"]) | set(CONTRACT["common"])
    assert arguments(LEAVES[command]) == COMMANDS[command]["arguments"]


def test_the_options_before_a_command_are_those_of_the_contract() -> None:
    assert options(build_parser()) == set(CONTRACT["common"]) | set(CONTRACT["top"])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented_and_no_other(command: str) -> None:
    listed = set(re.findall(r"^- .*", section(command), re.MULTILINE))
    documented = {name for line in listed for name in re.findall(r"`(--[a-z-]+)[^`]*`", line.split(":")[0])}
    assert documented == set(COMMANDS[command]["options"])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_is_in_the_heading(command: str) -> None:
    heading = " ".join([command, *COMMANDS[command]["arguments"]])
    assert re.search(rf"^## `hxd {re.escape(heading)}", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("command", [name for name, entry in COMMANDS.items() if isinstance(entry.get("json"), list)])
def test_every_json_key_is_documented_and_no_other(command: str) -> None:
    keys = {last_key(path) for path in COMMANDS[command]["json"]}
    described = re.search(r"^JSON[:,. ].*", section(command), re.MULTILINE | re.DOTALL)
    assert described
    documented = set(re.findall(r'`"([^"`]+)"`', described[0]))
    assert documented == keys


def test_every_key_of_the_answer_object_is_documented() -> None:
    text = section_of_answer_object()
    for path in CONTRACT["answer"]["json"]:
        assert f'"{last_key(path)}":' in text, path


def test_every_outcome_is_documented() -> None:
    assert [outcome.value for outcome in Outcome] == CONTRACT["answer"]["outcomes"]
    rows = re.findall(r"^\| `(\w+)` \|", section_of_answer_object(), re.MULTILINE)
    assert sorted(rows) == sorted(CONTRACT["answer"]["outcomes"])


def test_the_exit_statuses_are_documented() -> None:
    assert re.findall(r"^\| (\d+) \|", REFERENCE, re.MULTILINE) == ["0", "1", "2", "130"]


@pytest.mark.parametrize("command", COMMANDS)
def test_common_options_may_stand_before_or_after_the_command(command: str) -> None:
    words = command.split()
    required = {
        "examples add": ["--good", "x"],
        "eval refusal": ["--questions", "f"],
        "eval qa": ["--questions", "f"],
    }.get(command, ["1" for _ in COMMANDS[command]["arguments"]])
    parser = build_parser()
    before = parser.parse_args(["--data-dir", "D", "--json", *words, *required])
    after = parser.parse_args([*words, *required, "--json", "--data-dir", "D"])
    neither = parser.parse_args([*words, *required])
    assert before == after
    assert (before.data_dir, before.json) == ("D", True)
    assert (neither.data_dir, neither.json) == (None, False)


def section_of_answer_object() -> str:
    return REFERENCE[REFERENCE.index("## The answer object") :]
