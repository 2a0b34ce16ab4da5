"""The parser process: starts light, answers over its pipe, survives hostile files."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.settings import ChunkSettings
from hxd_desktop.engine.workers.process import WorkerProcess

HEAVY = (
    "numpy pymupdf lxml selectolax python_calamine olefile striprtf usearch onnxruntime sqlite3 email.parser".split()
)


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    process = WorkerProcess("parser", memory_bytes=2 << 30)
    yield process
    process.close()


def job(path: Path, **more: object) -> dict[str, object]:
    return {
        "path": str(path),
        "max_bytes": 1 << 20,
        "chunks": dataclasses.asdict(ChunkSettings()),
        "known_hash": None,
        **more,
    }


def test_jobs_over_the_pipe(worker: WorkerProcess, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.pdf"
    good.write_bytes("# 标题\n\n正文。".encode())
    bad.write_bytes(b"%PDF-1.7 nonsense")
    first = worker.request(job(good), timeout_s=60)
    assert (first["state"], first["title"], first["text"]) == ("indexed", "标题", "# 标题\n\n正文。")
    assert worker.request(job(bad), timeout_s=60)["state"] == "failed"
    assert worker.request(job(good, known_hash=first["hash"]), timeout_s=60)["state"] == "unchanged"
    assert worker.request(job(tmp_path / "none"), timeout_s=60)["state"] == "missing"


def test_text_and_markdown_need_no_library(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\ntext", "utf-8")
    code = (
        "import sys\n"
        "from hxd_desktop.engine.documents.worker import parse_file, ChunkSettings\n"
        "from pathlib import Path\n"
        f"assert parse_file(Path({str(tmp_path / 'a.md')!r}), ChunkSettings(), max_bytes=99)['state'] == 'indexed'\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
