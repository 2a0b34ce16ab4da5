"""contract.toml, and whether an object that was printed keeps to it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

CONTRACT: dict[str, Any] = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))
# Most answers have no conflicts, most changes are no embedder, most data directories need no repair.
MAY_BE_EMPTY = {"grounding.conflicts[]", "change", "repairs[]"}
COMMANDS: dict[str, dict[str, Any]] = CONTRACT["commands"]


def json_paths(command: str) -> list[str]:
    """The keys that `command --json` prints, nested ones as paths."""
    paths: list[str] | str = COMMANDS[command]["json"]
    return CONTRACT["answer"]["json"] if isinstance(paths, str) else paths


def check_keys(value: dict[str, Any], paths: list[str]) -> None:
    """Fail unless `value` has exactly the keys of `paths`; of a list every item is looked at, and few may be empty."""
    assert set(value) == {path for path in paths if "." not in path}
    for parent in {path.rpartition(".")[0] for path in paths} - {""}:
        expected = {path.rpartition(".")[2] for path in paths if path.rpartition(".")[0] == parent}
        items = _items(value, parent)
        assert items or parent in MAY_BE_EMPTY, f"{parent} is empty"
        for item in items:
            assert set(item) == expected, parent


def _items(value: Any, path: str) -> list[dict[str, Any]]:
    items = [value]
    for step in path.split("."):
        items = [item[step.removesuffix("[]")] for item in items]
        if step.endswith("[]"):
            items = [each for item in items for each in item]
    return [item for item in items if item is not None]
