from __future__ import annotations

from pathlib import Path

from hxd_desktop.engine.documents.model import DocumentState
from tests.support.library import Workbench, write


def test_a_copy_embeds_nothing(bench: Workbench, folder: Path) -> None:
    bench.index()
    write(folder / "copy.txt", "Alpha is the first letter.")
    bench.scan()
    assert bench.embed() == 0
    assert bench.found("alpha") == {"a.txt", "copy.txt"}
    assert set(bench.near("alpha first letter", limit=2)) == {"a.txt", "copy.txt"}
    bench.assert_consistent()


def test_a_move_reads_and_embeds_nothing(bench: Workbench, folder: Path) -> None:
    bench.index()
    before = bench.documents()[str(folder / "a.txt")]
    bench.pool.read.clear()
    (folder / "a.txt").rename(folder / "sub" / "renamed.txt")
    (run,) = bench.scan()
    assert sorted(run.paths) == sorted([str(folder / "a.txt"), str(folder / "sub" / "renamed.txt")])
    assert (bench.pool.read, run.removed, bench.embed()) == ([], 0, 0)
    assert bench.documents()[str(folder / "sub" / "renamed.txt")].id == before.id
    assert bench.found("renamed") == bench.found("alpha") == {"renamed.txt"}
    bench.assert_consistent()


def test_a_move_told_in_parts(bench: Workbench, folder: Path) -> None:
    bench.index()
    (folder / "sub").rename(folder / "other")
    bench.scan(below=[folder / "sub", folder / "other"])
    assert set(bench.documents()) == {str(folder / "a.txt"), str(folder / "other" / "b.txt")}
    assert bench.embed() == 0
    bench.assert_consistent()


def test_another_suffix_is_read_as_another_format(bench: Workbench, folder: Path) -> None:
    write(folder / "notes.txt", "# Heading\n\nBody of the note.")
    bench.index()
    assert bench.documents()[str(folder / "notes.txt")].type == "text"
    (folder / "notes.txt").rename(folder / "notes.md")
    bench.scan()
    document = bench.documents()[str(folder / "notes.md")]
    assert (document.type, document.title) == ("markdown", "Heading")
    bench.assert_consistent()


def test_a_file_that_was_skipped_is_read_under_a_name_that_is_read(bench: Workbench, folder: Path) -> None:
    write(folder / "table.parquet", "Gamma is the third letter.\x00\x01\x02")
    bench.index()
    skipped = bench.documents()[str(folder / "table.parquet")]
    assert skipped.state is DocumentState.SKIPPED
    (folder / "table.parquet").rename(folder / "table.txt")
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == [str(folder / "table.txt")]
