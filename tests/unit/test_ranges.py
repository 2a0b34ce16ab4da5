from __future__ import annotations

import dataclasses

import pytest

from hxd_desktop.engine.ranges import _CHOICES, _RANGES, wanted
from hxd_desktop.engine.settings import Settings

DEFAULTS = {
    f"{page}.{key}": value
    for page, values in dataclasses.asdict(Settings()).items()
    for key, value in values.items()
    if not isinstance(value, bool)
}


def test_every_range_and_choice_is_of_a_setting_whose_default_it_holds() -> None:
    assert {*_RANGES, *_CHOICES} <= DEFAULTS.keys()
    assert [name for name, value in DEFAULTS.items() if not isinstance(value, tuple) and wanted(name, value)] == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("index.workers", 65, "a number from 0 to 64"),
        ("index.workers", -1, "a number from 0 to 64"),
        ("remote.timeout_s", 0.0, "a number from 0.01 to 1000000000"),
        ("remote.timeout_s", float("nan"), "a number from 0.01 to 1000000000"),
        ("index.max_file_bytes", -1, "a number from 0 to 2^62"),
        ("of no range", float("inf"), "a number from -2^62 to 2^62"),
        ("rewriting.mode", "sometimes", 'one of "auto", "on", "off"'),
        ("models.kv_type", "q2", 'one of "", "f16", "q8_0", "q4_0"'),
        ("window.theme", "anything", None),
    ],
)
def test_what_is_wanted_is_said(name: str, value: float | str, expected: str | None) -> None:
    assert wanted(name, value) == expected
