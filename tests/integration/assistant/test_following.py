"""Folders that are followed: changed, gone and back, resting."""

from __future__ import annotations

import os
from pathlib import Path

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library.model import FolderState
from tests.support.front import best, found, paths
from tests.support.library import wait_for


def test_changes_on_disk_are_followed(assistant: Assistant, folder: Path) -> None:
    assistant.start_watching()
    assistant.add_folder(folder)
    wait_for(lambda: best(assistant, "coffee machine") == "coffee.md", "a folder that is added is indexed")

    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    wait_for(lambda: best(assistant, "printer paper") == "new.txt", "a new file is found")

    (folder / "new.txt").write_text("The scanner on the second floor sends mail.")
    wait_for(lambda: best(assistant, "scanner mail") == "new.txt", "a changed file is found by its new words")
    wait_for(lambda: "new.txt" not in found(assistant, "printer paper"), "and not by its old ones")

    aside = folder / ".new.txt.swp"
    aside.write_text("The plotter on the second floor is broken.")
    os.replace(aside, folder / "new.txt")
    wait_for(lambda: best(assistant, "plotter broken") == "new.txt", "a file saved by replacing it is found")

    (folder / "sub").rename(folder / "elsewhere")
    wait_for(lambda: str(folder / "elsewhere" / "travel.txt") in paths(assistant), "a moved folder")
    assert str(folder / "sub" / "travel.txt") not in paths(assistant)
    assert best(assistant, "travel costs") == "travel.txt"

    (folder / "coffee.md").unlink()
    wait_for(lambda: "coffee.md" not in found(assistant, "coffee machine"), "a deleted file is not found")

    wait_for(lambda: assistant.libraries()[0].vectors_pending == 0 and not assistant.libraries()[0].indexing)
    assert [check for check in assistant.check(compare=True) if not check.ok] == []


def test_a_folder_that_goes_offline_and_comes_back(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder)
    assistant.start_watching()
    wait_for(lambda: len(paths(assistant)) == 2)
    folder.rename(folder.with_name("away"))
    wait_for(lambda: assistant.libraries()[0].folders[0].state is FolderState.OFFLINE, "it is offline")
    assert best(assistant, "coffee machine") == "coffee.md"
    folder.with_name("away").rename(folder)
    wait_for(lambda: assistant.libraries()[0].folders[0].state is FolderState.ONLINE, "it is back")
    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    wait_for(lambda: best(assistant, "printer paper") == "new.txt", "and followed again")


def test_a_folder_followed_already_is_indexed_for_another_library_too(assistant: Assistant, folder: Path) -> None:
    assistant.start_watching()
    assistant.add_folder(folder, "one")
    wait_for(lambda: len(paths(assistant, "one")) == 2)
    assistant.add_folder(folder, "two")
    wait_for(lambda: len(paths(assistant, "two")) == 2, "the second library is indexed at once")
    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    wait_for(lambda: all(str(folder / "new.txt") in paths(assistant, name) for name in ("one", "two")))
    assistant.remove_library("one")
    (folder / "more.txt").write_text("The scanner on the second floor sends mail.")
    wait_for(lambda: str(folder / "more.txt") in paths(assistant, "two"), "the other library is followed on")


def test_resting_and_going_on(assistant: Assistant, folder: Path) -> None:
    assistant.start_watching()
    assistant.add_folder(folder)
    wait_for(lambda: len(paths(assistant)) == 2)
    wait_for(lambda: not assistant.libraries()[0].indexing)
    assistant.pause("default")
    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    wait_for(lambda: assistant.libraries()[0].indexing, "the change waits")
    assert str(folder / "new.txt") not in paths(assistant)
    assert assistant.libraries()[0].paused
    assistant.resume("default")
    wait_for(lambda: best(assistant, "printer paper") == "new.txt")
