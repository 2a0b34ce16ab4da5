"""The states of the window that the gallery draws, on a real library of the sample documents."""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hxd_desktop.engine import samples
from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.ui import scenes_chat
from hxd_desktop.ui.bridge import Question, open_engine
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.cut_text import cut_texts, too_large
from hxd_desktop.ui.scenes_bench import BENCH, evaluate, teach
from hxd_desktop.ui.scenes_manage import MANAGE
from hxd_desktop.ui.scenes_preferences import PREFERENCES
from hxd_desktop.ui.search.page import SearchPage
from hxd_desktop.ui.studio import Studio, studio

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")
SIZES = ((1024, 700), (1600, 1000))


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine with the sample documents, one with nothing, one with examples and evaluations as well.

    `home`: a home of its own, which goes with the pictures.
    """

    full: Assistant
    empty: Assistant
    taught: Assistant
    home: Path | None = None


Scene = Callable[[Studio, Engines], object]


# What the read me and the guides show: as a file's name begins, the scene.
MANUAL = {
    name: name for name in ("answered", "refused", "search", "document", "page", "calibrate", "evaluate", "models")
} | {"settings": "settings-general"}


def draw_all(
    out: Path, only: Sequence[str] = ("",), sizes: Sequence[tuple[int, int]] = SIZES, points: float = 10.0
) -> Iterator[tuple[Path, list[str]]]:
    """Draw every scene whose file name holds one of `only`; yield each file with what is cut or too large in it.

    `sizes` are in logical pixels; `points` is the size of the font.
    """
    with _engines() as engines:
        for (name, scene), theme, language, size in itertools.product(SCENES.items(), THEMES, LANGUAGES, sizes):
            file = out / f"{name}-{theme}-{language}-{size[0]}x{size[1]}.png"
            if any(part in file.name for part in only):
                yield file, _draw(file, scene, engines, theme, language, size, points)


def draw_manual(out: Path) -> Iterator[tuple[Path, list[str]]]:
    """Draw the pictures of the read me and the guides: English in the dark theme, Chinese in the light one."""
    with _engines() as engines:
        for (name, scene), (theme, language) in itertools.product(
            MANUAL.items(), zip(("dark", "light"), LANGUAGES, strict=True)
        ):
            file = out / f"{name}.{language[:2]}.png"
            yield file, _draw(file, SCENES[scene], engines, theme, language, (1200, 760))


@contextmanager
def _engines() -> Iterator[Engines]:
    with tempfile.TemporaryDirectory(prefix="hxd-gallery-") as folder, _at_home(Path(folder, "home")) as home:
        full, empty, taught = (open_engine(Path(folder, name)) for name in ("full", "empty", "taught"))
        engines = Engines(full, empty, taught, home)
        try:
            handbook = shutil.copytree(samples.documents(), home / "Documents" / "Handbook")
            for engine in (engines.full, engines.taught):
                engine.add_folder(handbook)
                engine.index()
            teach(engines.taught)
            evaluate(engines.taught, Path(folder))
            yield engines
        finally:
            for engine in (engines.full, engines.empty, engines.taught):
                engine.close()


@contextmanager
def _at_home(home: Path) -> Iterator[Path]:
    """Let the pictures be taken in the home of somebody: no path of the machine that draws them is seen."""
    before = {name: os.environ.get(name) for name in ("HOME", "USERPROFILE")}
    os.environ.update(dict.fromkeys(before, str(home)))
    try:
        yield home
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def _draw(
    file: Path,
    scene: Scene,
    engines: Engines,
    theme: str,
    language: str,
    size: tuple[int, int],
    points: float = 10.0,
) -> list[str]:
    place = engines.home / ".local" / "share" / "hxd-desktop" if engines.home is not None else None
    with studio(theme, language, size, points, place) as made:
        widget = scene(made, engines)
        shown = widget if isinstance(widget, QDialog) else made.window
        made.save(file, shown)
        return cut_texts(shown) + too_large(shown, size)


def _opening(made: Studio, engines: Engines) -> None:
    """The first paint, before the engine is open."""


def _empty(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.empty)
    made.window.page.end_welcome()


def _first_run(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.empty)


def _first_question(made: Studio, engines: Engines) -> None:
    """The first run after the samples were added."""
    made.show_engine(engines.empty)
    welcome = made.window.page.welcome
    assert welcome is not None
    welcome.show_libraries(engines.full.libraries())


def _ready(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)


def _indexing(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    library = engines.full.libraries()[0]
    total = max(1, library.bytes)
    files = sum(library.counts.values())
    made.services.libraries.set_progress(
        [
            IndexProgress(
                library.name,
                Phase.WORDS,
                files_done=files * 6 // 10,
                files_total=files,
                bytes_done=total * 6 // 10,
                bytes_total=total,
                rate_bytes_per_s=4.2e6,
                seconds_left=95,
            )
        ]
    )


def _waiting(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    made.services.session.model.append(Exchange(_question(made, covered=True), stage="retrieval"))


def _answered(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    question = _question(made, covered=True)
    made.show_exchanges([(question, engines.full.ask(question))])


def _refused(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    covered, uncovered = _question(made, covered=True), _question(made, covered=False)
    made.show_exchanges([(covered, engines.full.ask(covered)), (uncovered, engines.full.ask(uncovered))])


def _failed(made: Studio, engines: Engines) -> None:
    """A question to a library that is gone, and a folder that is not there."""
    made.show_engine(engines.full)
    bridge, model = made.services.bridge, made.services.session.model
    bridge.ended.connect(model.finish)
    model.append(
        Exchange(_question(made, covered=True), ticket=bridge.ask(Question(_question(made, covered=True), ("gone",))))
    )
    bridge.add_paths(["/nowhere/reports"], "default")
    made.settle()


def _files(made: Studio, engines: Engines) -> QDialog | None:
    made.show_engine(engines.full)
    made.window.dialogs.files(engines.full.libraries()[0].name)
    made.settle()
    return _dialog(made)


def _ignore(made: Studio, engines: Engines) -> QDialog | None:
    made.show_engine(engines.full)
    made.window.dialogs.ignore(engines.full.libraries()[0].folders)
    made.settle()
    return _dialog(made)


def _offline(made: Studio, engines: Engines) -> None:
    """A folder that is not reachable, beside one that is."""
    made.show_engine(engines.full)
    library = engines.full.libraries()[0]
    away = dataclasses.replace(
        library.folders[0], id=-1, path=str(Path("~/Archive 2019").expanduser()), state=FolderState.OFFLINE
    )
    made.services.bridge.libraries.emit([dataclasses.replace(library, folders=(*library.folders, away))])


def _keys(made: Studio, engines: Engines) -> QDialog | None:
    made.window.dialogs.keys()
    return _dialog(made)


def _search(made: Studio, engines: Engines, query: str = "") -> None:
    made.show_engine(engines.full)
    made.window.search_documents()
    page = made.window.pages.show_page("search")
    assert isinstance(page, SearchPage)
    page.edit.setText(query or {"zh": "出差住宿费"}.get(made.services.language.code[:2], "VPN handshake"))
    page.session.go()
    made.settle()


def _search_nothing(made: Studio, engines: Engines) -> None:
    _search(made, engines, "qqqqxyzzy")


def _search_empty(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.empty)
    made.window.search_documents()


def _search_ready(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    made.window.search_documents()
    made.settle()


def _search_failed(made: Studio, engines: Engines) -> None:
    _search_ready(made, engines)
    page = made.window.pages.show_page("search")
    assert isinstance(page, SearchPage)
    page.edit.setText("VPN")
    page.session.narrow(("gone",), Filters())
    made.settle()


def _dropping(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    made.window.drop.show_over(["/home/ann/reports"])
    made.window.drop.move_to(made.window.mapToGlobal(made.window.rect().center()))


def _dialog(made: Studio) -> QDialog | None:
    made.settle()
    return next((d for d in made.window.findChildren(QDialog) if d.isVisible()), None)


def _question(made: Studio, *, covered: bool) -> str:
    """A sample question in the window's language, one of the demo's where there is one."""
    language = made.services.language.code[:2]
    fitting = [question for question in samples.questions() if question.covered is covered]
    return max(fitting, key=lambda question: (question.language == language, question.demo)).question


def _covered(draw: Callable[[Studio, Assistant, str], object]) -> Scene:
    return lambda made, engines: draw(made, engines.full, _question(made, covered=True))


SCENES: dict[str, Scene] = {
    "opening": _opening,
    "empty": _empty,
    "first-run": _first_run,
    "first-question": _first_question,
    "ready": _ready,
    "indexing": _indexing,
    "waiting": _waiting,
    "answered": _answered,
    "refused": _refused,
    "failed": _failed,
    "files": _files,
    "ignore": _ignore,
    "offline": _offline,
    "keys": _keys,
    "dropping": _dropping,
    "search": _search,
    "search-nothing": _search_nothing,
    "search-empty": _search_empty,
    "search-ready": _search_ready,
    "search-failed": _search_failed,
    **BENCH,
    **MANAGE,
    **PREFERENCES,
    "written": _covered(scenes_chat.written),
    "streaming": _covered(scenes_chat.streaming),
    "editing": _covered(scenes_chat.editing),
    "document": _covered(scenes_chat.document),
    "document-found": _covered(scenes_chat.document_found),
    "document-word": _covered(scenes_chat.document_word),
    "document-sheet": _covered(scenes_chat.document_sheet),
    "document-mail": _covered(scenes_chat.document_mail),
    "page": _covered(scenes_chat.page),
    "searching": _covered(scenes_chat.searching),
}
