from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import catalog, examples, renaming
from tests.support.library import Workbench


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """`top/readme.txt`, `top/one/notes.txt`, `top/two/notes.txt`."""
    top = tmp_path / "top"
    for path, text in {"readme.txt": "At the top.", "one/notes.txt": "Alpha.", "two/notes.txt": "Beta."}.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    return top


def paths(bench: Workbench, library: str = "default") -> list[str]:
    return [folder.path for folder in catalog.folders(bench.database.reader, library)]


def names(bench: Workbench) -> list[str]:
    return [library.name for library in catalog.libraries(bench.database.reader)]


def test_a_new_database_has_one_empty_library(bench: Workbench) -> None:
    (library,) = catalog.libraries(bench.database.reader)
    assert (library.name, library.folders, library.counts, library.chunks, library.documents) == (
        "default",
        (),
        {},
        0,
        0,
    )


def test_the_default_library_stays_removed(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.ensure_library(c, "mine"))
    bench.database.write(lambda c: catalog.remove_library(c, "default"))
    again = bench.reopened()
    assert names(again) == ["mine"]
    again.close()


def test_a_library_is_made_once(bench: Workbench) -> None:
    first = bench.database.write(lambda c: catalog.ensure_library(c, "笔记"))
    assert bench.database.write(lambda c: catalog.ensure_library(c, "笔记")) == first
    assert names(bench) == ["default", "笔记"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101, "\x00"])
def test_names_that_are_not_valid_are_refused(bench: Workbench, name: str) -> None:
    with pytest.raises(SettingsError):
        bench.database.write(lambda c: catalog.ensure_library(c, name))
    with pytest.raises(SettingsError):
        bench.database.write(lambda c: renaming.rename_library(c, "default", name))
    assert names(bench) == ["default"]


def test_an_unknown_library_is_an_error_that_names_those_there_are(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.ensure_library(c, "mine"))
    with pytest.raises(SettingsError) as raised:
        catalog.library_id(bench.database.reader, "yours")
    assert "'yours'" in raised.value.message
    assert raised.value.remedy == "Choose one of: default, mine."


def test_renaming_keeps_everything(bench: Workbench, tree: Path) -> None:
    bench.add(tree)
    bench.index()
    bench.database.write(lambda c: renaming.rename_library(c, "default", "papers"))
    assert names(bench) == ["papers"]
    assert bench.found("alpha", "papers") == {"notes.txt"}
    bench.database.write(lambda c: renaming.rename_library(c, "papers", "papers"))
    bench.database.write(lambda c: catalog.ensure_library(c, "other"))
    with pytest.raises(SettingsError, match="taken"):
        bench.database.write(lambda c: renaming.rename_library(c, "papers", "other"))
    assert names(bench) == ["other", "papers"]


def test_files_of_the_same_name_in_different_folders_are_different_documents(bench: Workbench, tree: Path) -> None:
    bench.add(tree / "one")
    bench.add(tree / "two")
    bench.index()
    assert set(bench.documents()) == {str(tree / "one/notes.txt"), str(tree / "two/notes.txt")}
    assert bench.text(tree / "one/notes.txt") == "Alpha."
    assert bench.text(tree / "two/notes.txt") == "Beta."


def test_a_folder_inside_one_of_the_library_is_covered_by_it(bench: Workbench, tree: Path) -> None:
    outer = bench.add(tree)
    assert bench.add(tree / "one").id == outer.id
    assert bench.add(tree / "readme.txt").id == outer.id
    assert bench.add(tree).id == outer.id
    assert paths(bench) == [str(tree)]


def test_a_folder_around_others_takes_their_documents_over(bench: Workbench, tree: Path) -> None:
    bench.add(tree / "one")
    bench.add(tree / "readme.txt")
    bench.index()  # so soon after they were written that their content is compared once more
    ids = {path: document.id for path, document in bench.documents().items()}
    bench.pool.read.clear()
    bench.add(tree)
    bench.index()
    assert paths(bench) == [str(tree)]
    assert [path for path in bench.pool.read if path not in ids] == [str(tree / "two/notes.txt")]
    assert bench.embedder.texts.count("Alpha.") == 1
    assert ids.items() <= {path: document.id for path, document in bench.documents().items()}.items()
    bench.assert_consistent()


def test_a_folder_whose_name_begins_like_another_is_not_inside_it(bench: Workbench, tmp_path: Path) -> None:
    for name in ("work", "work2"):
        (tmp_path / name).mkdir()
        bench.add(tmp_path / name)
    assert len(paths(bench)) == 2
    assert catalog.is_inside("/a", "/")
    assert not catalog.is_inside("/a", "/a")


def test_one_folder_in_two_libraries_is_two_things(bench: Workbench, tree: Path) -> None:
    bench.add(tree, "left")
    bench.add(tree, "right")
    bench.index("left")
    assert bench.documents("right") == {}
    bench.index("right")
    assert bench.found("alpha", "left") == bench.found("alpha", "right") == {"notes.txt"}
    bench.database.write(lambda c: catalog.remove_library(c, "left"))
    assert bench.found("alpha", "right") == {"notes.txt"}
    assert set(bench.near("alpha", "right", limit=1)) == {"notes.txt"}
    bench.assert_consistent()


def test_removing_a_folder_removes_its_documents_and_no_file(bench: Workbench, tree: Path) -> None:
    one = bench.add(tree / "one")
    bench.add(tree / "two")
    bench.index()
    bench.database.write(lambda c: catalog.remove_folder(c, one.id))
    bench.database.write(lambda c: catalog.remove_folder(c, one.id))
    assert list(bench.documents()) == [str(tree / "two/notes.txt")]
    assert bench.found("alpha") == set()
    assert (tree / "one/notes.txt").read_text() == "Alpha."
    bench.assert_consistent()
    bench.filler.save()
    assert bench.one("SELECT count(*) FROM embeddings") == 1


def test_removing_a_library_leaves_nothing_of_it(bench: Workbench, tree: Path) -> None:
    bench.add(tree, "mine")
    bench.scan("mine")
    bench.embed(1)
    bench.filler.save()
    (tree / "late.txt").write_text("Late.")
    bench.scan("mine")  # something waits for its vector, too
    found = catalog.library_id(bench.database.reader, "mine")
    bench.database.write(lambda c: examples.add(c, "mine", "Why?", True, "typed"))
    bench.database.write(lambda c: catalog.remove_library(c, "mine"))
    assert names(bench) == ["default"]
    for table in ("documents", "chunks", "folders", "examples", "vector_queue", "vector_changes", "embeddings"):
        assert bench.one(f"SELECT count(*) FROM {table}") == 0, table
    assert bench.one("SELECT count(*) FROM sqlite_master WHERE name LIKE ?", f"words_{found}%") == 0
    assert (tree / "readme.txt").exists()
    bench.assert_consistent()
    again = bench.database.write(lambda c: catalog.ensure_library(c, "mine"))
    assert again > found  # what was kept under the old number can never be taken for the new one's


def test_counts_of_a_library(bench: Workbench, tree: Path) -> None:
    (tree / "empty.txt").touch()
    (tree / "node_modules").mkdir()
    for n in range(3):
        (tree / "node_modules" / f"{n}.js").touch()
    bench.add(tree)
    bench.embed()
    bench.scan()
    (library,) = catalog.libraries(bench.database.reader, "default")
    assert library.counts == {DocumentState.INDEXED: 3, DocumentState.EMPTY: 1, DocumentState.SKIPPED: 3}
    assert (library.documents, library.chunks, library.vectors_pending) == (3, 3, 3)
    assert library.bytes == len("At the top.Alpha.Beta.")
    bench.embed()
    assert catalog.libraries(bench.database.reader)[0].vectors_pending == 0
    assert catalog.libraries(bench.database.reader, "nobody") == []


def test_a_library_remembers_that_it_rests(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.set_paused(c, "default", True))
    again = bench.reopened()
    assert catalog.libraries(again.database.reader)[0].paused
    again.database.write(lambda c: catalog.set_paused(c, "default", False))
    assert not catalog.libraries(again.database.reader)[0].paused
    again.close()


def test_words_of_another_version_are_made_anew_without_reading_files(
    bench: Workbench, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add(tree)
    bench.index()
    for path in tree.rglob("*.txt"):
        path.unlink()
    monkeypatch.setattr(catalog, "TERMS_VERSION", 99)
    monkeypatch.setattr(catalog, "chunk_terms", lambda *parts: "everywhere")
    again = bench.reopened()
    assert again.one("SELECT count(*) FROM words_1 WHERE words_1 MATCH 'everywhere'") == 3
    assert again.one("SELECT terms_version FROM libraries") == 99
    again.assert_consistent()
    again.close()
