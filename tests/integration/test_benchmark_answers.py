"""The benchmark of answers runs from an evaluation folder to a table, and a second time on the libraries it kept."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "answers.py"
THINGS = ["台灯", "投影仪", "打印机", "路由器", "咖啡机", "扫描仪", "显示器", "键盘", "音箱", "电话", "空调", "冰箱"]


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    root = tmp_path / "eval"
    corpus = root / "huixiangdou" / "corpus"
    corpus.mkdir(parents=True)
    (root / "rgb").mkdir()
    (root / "crud").mkdir()
    for number, thing in enumerate(THINGS):
        (corpus / f"{thing}.md").write_text(f"# {thing}\n\n{thing}的电池保修期是 {number + 2} 年。\n", encoding="utf-8")
    covered = [{"question": f"{thing}的电池保修期是几年？", "answerable": True} for thing in THINGS]
    others = [{"question": f"昨晚第{n}场球赛谁赢了？", "answerable": False} for n in range(12)]
    write(root / "huixiangdou" / "questions.jsonl", [*covered, *others])
    write(
        root / "rgb" / "zh_refine.jsonl",
        [
            {
                "id": thing, "question": f"{thing}的电池保修期是几年？", "answers": [[f"{number + 2} 年"]],
                "positive": [f"{thing}的电池保修期是 {number + 2} 年。"], "negative": [f"{thing}有白色和黑色两种。"],
            }
            for number, thing in enumerate(THINGS)
        ],
    )  # fmt: skip
    news = [{"text": f"新华社报道，{thing}的产量达到 {number + 20} 万台。"} for number, thing in enumerate(THINGS)]
    with lzma.open(root / "crud" / "documents.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in news)
    asked = [
        {"id": thing, "question": f"{thing}的产量达到多少？", "answers": [[f"{number + 20} 万台"]]}
        for number, thing in enumerate(THINGS)
    ]
    write(root / "crud" / "questions.jsonl", asked)
    return root


def write(file: Path, rows: list[Any]) -> None:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def test_from_a_folder_to_a_table(evaluation: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.json"
    command = [sys.executable, str(SCRIPT), str(evaluation), "--work", str(tmp_path / "work")]
    tables = []
    for more in (["--json", str(out), "--quick"], ["--markdown", str(tmp_path / "answers.md")]):
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        tables.append([line for line in done.stdout.splitlines() if line.startswith("| ") and " ± " in line])
    assert tables[1][: len(tables[0])] == tables[0]
    crud = [line for line in tables[1] if line.startswith("| CRUD")]
    assert len(crud) == 5
    assert "in the best 1 chunk | 48 a learned lexical rerank | 51 | 100.0 ± 0.0 %" in crud[0]
    assert "CRUD's news, p95" in (tmp_path / "answers.md").read_text(encoding="utf-8")
    record = json.loads(out.read_text(encoding="utf-8"))
    lines = {line["what"]: line for line in record["lines"]}
    taught, halves, untaught, _, refused, answered, at_90 = lines.values()
    assert taught["measured"] > 90  # this is as easy as it gets
    assert len(taught["more"]["thresholds"]) == 5
    assert (halves["more"]["n"], untaught["more"]["n"]) == (24, 24)
    assert answered["measured"] > 50
    assert answered["more"]["hit@1"] == 1.0
    assert 0 <= refused["measured"] <= 100
    assert 0 <= at_90["measured"] <= 100
    assert record["setup"]["huixiangdou"]["documents"] == len(THINGS)
