"""The questions that the benchmarks of embedders make of headings, and how they count hits."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = str(Path(__file__).parents[2] / "benchmarks")
CHINESE = "这一段说明如何安装和配置该服务，以及出错时应该怎么办。" * 10
BODY = "The service reads its settings from a file when it starts, and again whenever that file has been changed. " * 3


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    for name in ("hybrid", "measuring", "sections"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_headings_ask_for_their_own_section(tmp_path: Path) -> None:
    from sections import sections

    project = tmp_path / "project"
    project.mkdir()
    (project / "a.md").write_text(
        f"# Title\n\nshort\n\n## 1.2 How to [configure](x.md) `it`\n\n{BODY}one\n\n```sh\n# no heading\n```\n\n"
        f"## Twice here\n{BODY}two\n\n## 中文标题\n{CHINESE}\n\n## Setup\n{BODY}three\n",
        encoding="utf-8",
    )
    (project / "b.md").write_text(f"## twice HERE\n{BODY}four", encoding="utf-8")
    (found,) = sections(tmp_path)
    assert (found.heading, found.project) == ("How to configure it", "project")
    assert found.text.startswith("The service") and found.text.endswith("# no heading\n```")
    assert [section.heading for section in sections(tmp_path, "zh")] == ["中文标题"]


def test_hits_and_their_differences_are_paired() -> None:
    import hybrid

    better, worse = np.array([0, 2, 9, hybrid.MISSED]), np.array([1, 2, 12, hybrid.MISSED])
    found = hybrid.values(better)
    assert {name: value.mean() for name, value in found.items() if name != "MRR"} == {
        "hit@1": 0.25, "hit@3": 0.5, "hit@5": 0.5, "hit@10": 0.75
    }  # fmt: skip
    assert hybrid.row("x", worse).startswith("| x | 0.0 | 50.0 | 50.0 | 50.0 |")
    cells = hybrid.difference("x", better, worse).split(" | ")
    assert cells[2:4] == ["+0.0 (+0.0 to +0.0)"] * 2  # the same question hits in both: no difference, and no spread
    assert cells[1].startswith("+25.0 (+0.0 to")
