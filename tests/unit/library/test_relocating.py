"""A library whose folders are elsewhere now: restored on another machine, it waits and is pointed to where they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up, restore
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import WatchError
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.model import FolderInfo, FolderState
from hxd_desktop.engine.library.relocating import _separators
from hxd_desktop.engine.paths import DataDirectory

TEXTS = {
    "kettle.txt": "The brass kettle is descaled every six weeks.",
    "deep/mill.txt": "A windmill stands on the hill.",
}


def write(folder: Path) -> Path:
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Assistant]:
    """What was backed up on one machine, open on another where the documents are not at their old paths."""
    home = write(tmp_path / "home" / "ann" / "papers")
    (home.parent / "single.txt").write_text("The brass bell rings at noon.")
    assistant = Assistant.open(tmp_path / "data")
    for path in (home, home.parent / "single.txt"):
        assistant.add_folder(path)
    assistant.index()
    assistant.close()
    back_up(DataDirectory(tmp_path / "data"), tmp_path / "b.zip")
    shutil.move(tmp_path / "home", tmp_path / "users")
    restore(tmp_path / "b.zip", tmp_path / "restored")
    opened = Assistant.open(tmp_path / "restored")
    opened.index()
    yield opened
    opened.close()


def folders(assistant: Assistant) -> list[FolderInfo]:
    return list(assistant.libraries()[0].folders)


def test_folders_that_are_not_there_wait_with_their_index(elsewhere: Assistant) -> None:
    assert [folder.state for folder in folders(elsewhere)] == [FolderState.OFFLINE, FolderState.OFFLINE]
    assert "six weeks" in elsewhere.search("brass kettle")[0].text


def test_pointed_to_where_they_are_nothing_is_read_again(elsewhere: Assistant, tmp_path: Path) -> None:
    papers, single = folders(elsewhere)
    users = tmp_path / "users" / "ann"
    elsewhere.point_folder(papers.id, users / "papers")
    elsewhere.point_folder(single.id, users / "single.txt")
    before = {document.path: document.id for document in elsewhere.documents("default")}
    assert set(before) == {str(users / "papers" / name) for name in TEXTS} | {str(users / "single.txt")}
    report = elsewhere.index()
    assert (report.documents["indexed"], report.documents["removed"]) == (0, 0)
    assert [folder.state for folder in folders(elsewhere)] == [FolderState.ONLINE, FolderState.ONLINE]
    assert {document.path: document.id for document in elsewhere.documents("default")} == before
    assert elsewhere.search("brass kettle")[0].document == str(users / "papers" / "kettle.txt")
    (users / "papers" / "deep" / "mill.txt").unlink()
    (users / "papers" / "new.txt").write_text("A lighthouse stands on the rock.")
    elsewhere.index()
    assert elsewhere.search("lighthouse")[0].document == str(users / "papers" / "new.txt")
    assert {document.state for document in elsewhere.documents("default")} == {DocumentState.INDEXED}


def test_places_that_will_not_do(elsewhere: Assistant, tmp_path: Path) -> None:
    papers, single = folders(elsewhere)
    users = tmp_path / "users" / "ann"
    for folder, place in ((papers, tmp_path / "nowhere"), (papers, users / "single.txt"), (single, users)):
        with pytest.raises(WatchError, match="There is no"):
            elsewhere.point_folder(folder.id, place)
    elsewhere.point_folder(single.id, users / "single.txt")
    with pytest.raises(WatchError, match="belongs to default"):
        elsewhere.point_folder(papers.id, users)
    assert folders(elsewhere)[0].path == papers.path
    elsewhere.point_folder(12345, users)  # it has gone meanwhile
    assert catalog.held_by(elsewhere._database.reader, papers.id)[0] == 2


def test_paths_of_another_system_become_those_of_this_one() -> None:
    assert _separators("C:\\Users\\ann", "/home/ann") == ("\\", "/")
    assert _separators("/home/ann", "/home/bob") == ("/", "/")
