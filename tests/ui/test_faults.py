"""What goes wrong with the data directory, as the window tells it: what happened and what to do, in both languages."""

from __future__ import annotations

import ast
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import hxd_desktop
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import store
from hxd_desktop.engine.library.schema import SCHEMA_VERSION
from hxd_desktop.engine.settings import Settings, WindowSettings
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.banner import Banner
from hxd_desktop.ui.engine_words import REASONS, TEMPLATES, said
from hxd_desktop.ui.i18n import Language, read_translations, translation_file
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import WAIT_MS

Damage = Callable[[Path], None]
FOREIGN = ("Traceback", "Error:", "sqlite3.", "refus", "拒绝")  # a failure is no refusal, and no riddle


def not_a_database(data: Path) -> None:
    for log in data.glob("library.sqlite3-*"):
        log.unlink()
    (data / "library.sqlite3").write_bytes(b"not at all a database\n" * 1000)


def damaged(data: Path) -> None:
    with open(data / "library.sqlite3", "rb+") as stream:
        stream.write(b"\xa5" * 4096)


def newer(data: Path) -> None:
    with closing(sqlite3.connect(data / "library.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def wrong_settings(data: Path) -> None:
    (data / "settings.toml").write_text("[window\n")


def a_file_in_its_place(data: Path) -> None:
    data.rename(data.with_name("elsewhere"))
    data.write_text("a file")


def in_use(data: Path) -> None:
    other = Assistant.open(data)
    OPEN.append(other)


OPEN: list[Assistant] = []
FAULTS: dict[str, tuple[Damage, str, str, str, str]] = {
    "no database": (not_a_database, "The database is damaged", "doctor --repair", "数据库已损坏", "你的文件是安全的"),
    "first page": (damaged, "The database is damaged", "doctor --repair", "数据库已损坏", "你的文件是安全的"),
    "newer": (newer, "The data directory is from a newer version", "Update", "数据目录来自更新的版本", "请更新"),
    "settings": (wrong_settings, "Settings cannot be read", "Correct the file", "无法读取设置", "请更正这个文件"),
    "a file": (a_file_in_its_place, "The data directory cannot be used", "Choose another", "无法使用数据目录", "请用"),
    "in use": (in_use, "HXD Desktop is already running", "close it", "HXD Desktop 已在使用", "请使用那个程序"),
}


def shown(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path], Application]]:
    started: list[Application] = []

    def begin(data: Path) -> Application:
        application = Application(qapp, data)
        started.append(application)
        with qtbot.waitSignal(application.services.bridge.open_failed, timeout=WAIT_MS):
            application.start()
        return application

    yield begin
    for application in started:
        application.close()
    while OPEN:
        OPEN.pop().close()


@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_window_says_what_is_wrong_at_the_start(
    data_dir: Path, start: Callable[[Path], Application], fault: str, chinese: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage, title, remedy, title_zh, remedy_zh = FAULTS[fault]
    monkeypatch.setattr("hxd_desktop.ui.i18n.choose_language", lambda wanted: "zh_CN" if chinese else "en")
    Settings(window=WindowSettings(language="zh_CN" if chinese else "en")).save(data_dir / "settings.toml")
    damage(data_dir)
    application = start(data_dir)
    text = shown(application.window)
    assert (title_zh if chinese else title) in text
    assert (remedy_zh if chinese else remedy) in text
    assert not [word for word in FOREIGN if word in text]


@pytest.mark.skipif(not hasattr(os, "seteuid") or os.getuid() == 0, reason="root may write everywhere")
def test_a_directory_that_is_read_only_at_the_start(data_dir: Path, start: Callable[[Path], Application]) -> None:
    for path in (*data_dir.rglob("*"), data_dir):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        text = shown(start(data_dir).window)
    finally:
        for path in (data_dir, *data_dir.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert "The data directory cannot be written" in text and "permissions" in text


def test_a_system_that_does_not_let_it_write(
    data_dir: Path, start: Callable[[Path], Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system that is mounted read-only, which stops root as well."""
    from filelock import FileLock

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    text = shown(start(data_dir).window)
    assert "The data directory cannot be written" in text and "--data-dir" in text


def test_what_was_wrong_is_mended_and_tried_again(
    data_dir: Path, start: Callable[[Path], Application], qtbot: QtBot
) -> None:
    newer(data_dir)
    application = start(data_dir)
    with closing(sqlite3.connect(data_dir / "library.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    with qtbot.waitSignal(application.services.bridge.opened, timeout=WAIT_MS):
        application.window.page._wishes.try_again()
    qtbot.waitUntil(lambda: application.services.session.asked == ("default",), timeout=WAIT_MS)


def test_the_disk_is_full_while_files_are_indexed_in_the_background(
    window: MainWindow, documents: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store, "store_documents", full)
    window.services.bridge.call(lambda assistant: assistant.reindex("default"))
    qtbot.waitUntil(lambda: bool(window.findChildren(Banner)), timeout=WAIT_MS)
    (banner,) = window.findChildren(Banner)
    text = shown(banner)
    assert "The disk is full" in text and "Free some space" in text
    assert not [word for word in FOREIGN if word in text]


def test_every_template_is_a_sentence_of_the_engine() -> None:
    literals = {
        node.value
        for path in Path(hxd_desktop.__file__).parent.glob("engine/**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for template in TEMPLATES:
        pieces = [piece for piece in re.split(r"\{\w+\}|^Process (?=of)| (?=writes)", template) if piece.strip(" .:")]
        assert all(any(piece in literal for literal in literals) for piece in pieces), template


def test_what_the_engine_says_is_said_in_chinese(language: Language, tmp_path: Path) -> None:
    language.use("zh_CN")
    known = read_translations(translation_file("zh_CN"))
    assert all(text in known for text in (*TEMPLATES, *REASONS.values()))
    assert said("/data/library.sqlite3 could not be written.") == "无法写入 /data/library.sqlite3。"
    assert said("/a: b/x: No space left on device.") == "/a: b/x：磁盘上没有剩余空间。"
    assert said("Process of another copy writes to /data.") == "另一个正在运行的程序正在写入 /data。"
    assert said("Something that nobody knows: {x}.") == "Something that nobody knows: {x}."


def test_a_failed_answer_is_told_as_a_failure(
    window: MainWindow, ask: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StorageError("The disk fails", "x cannot be read.", "Check it.")

    monkeypatch.setattr("hxd_desktop.engine.answering.pipeline.Pipeline.ask", broken)
    ask("How is the coffee machine cleaned?")
    text = shown(window)
    assert "The disk fails" in text
    assert not [word for word in FOREIGN if word in text]
