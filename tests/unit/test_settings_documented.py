"""docs/settings.md names every setting with its default, and no other."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

from hxd_desktop.engine.settings import Settings

REFERENCE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {
        name: tomllib.loads(f"value = {default}")["value"]
        for name, default in re.findall(r"^\| `([\w.]+)` \| `([^`]*)` \| \S", REFERENCE, re.MULTILINE)
    }
    actual = {
        f"{page}.{key}": list(value) if isinstance(value, tuple) else value
        for page, values in dataclasses.asdict(Settings()).items()
        for key, value in values.items()
    }
    assert documented == actual
