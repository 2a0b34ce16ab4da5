"""The key from anywhere: what is a combination, how it stands, what each system is told; on systems that are not."""

from __future__ import annotations

import ctypes
import os
from ctypes import wintypes
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QLabel
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.settings import Settings
from hxd_desktop.ui import services as services_module
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.system.combination import Combination, parse
from hxd_desktop.ui.system.grabbing import Fault, Held, Outcome, Pressed, Signals
from hxd_desktop.ui.system.hotkey import Hotkey, grabber_here
from hxd_desktop.ui.system.hotkey_macos import MacGrabber
from hxd_desktop.ui.system.hotkey_windows import WindowsGrabber
from hxd_desktop.ui.system.hotkey_x11 import X11Grabber
from hxd_desktop.ui.system.xcb import DisplayError
from tests.ui.small_library import WAIT_MS


@pytest.mark.parametrize(
    ("text", "modifiers", "key"),
    [
        ("Ctrl+Alt+Space", {"ctrl", "alt"}, "Space"),
        ("Meta+H", {"meta"}, "H"),
        ("Ctrl+Shift+7", {"ctrl", "shift"}, "7"),
        ("F9", set(), "F9"),
        ("Alt+PgDown", {"alt"}, "PgDown"),
    ],
)
def test_combinations(text: str, modifiers: set[str], key: str) -> None:
    assert parse(text) == Combination(frozenset(modifiers), key)
    assert parse(parse(text).text) == parse(text)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["", "H", "Shift+H", "Ctrl", "Ctrl+K, Ctrl+C", "Ctrl+é", "Ctrl+Volume Up", "nonsense+"]
)
def test_what_a_system_cannot_spare_is_no_combination(text: str) -> None:
    assert parse(text) is None


class FakeGrabber:
    """Answers what it is told to; nothing, where that is None."""

    def __init__(self, answer: Outcome | None = None) -> None:
        self.signals = Signals()
        self.answer = answer
        self.held: str | None = None
        self.forward: list[tuple[int, Pressed]] = []

    def grab(self, combination: Combination) -> None:
        self.held = combination.text
        if self.answer is not None:
            self.signals.settled.emit(self.answer)

    def release(self) -> None:
        self.held = None

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        self.forward.append((window, pressed))


def test_nothing_is_asked_of_the_system_before_it_is_wanted(language: Language) -> None:
    def never() -> FakeGrabber:
        raise AssertionError

    hotkey = Hotkey(never)
    hotkey.use(False, "Ctrl+Alt+Space")
    assert hotkey.standing.text == "" and hotkey.problem is None
    hotkey.close()


def test_it_is_taken_changed_and_given_back(language: Language) -> None:
    grabber = FakeGrabber(Held())
    hotkey = Hotkey(lambda: grabber)
    pressed: list[bool] = []
    hotkey.pressed.connect(lambda: pressed.append(True))
    hotkey.use(True, "Ctrl+Alt+Space")
    assert grabber.held == "Ctrl+Alt+Space"
    assert hotkey.standing.text == "Ctrl+Alt+Space brings this window to the front." and not hotkey.standing.fault
    grabber.signals.pressed.emit(Pressed(7))
    hotkey.bring_forward(3)
    assert pressed == [True] and grabber.forward == [(3, Pressed(7))]
    hotkey.use(True, "Meta+H")
    assert grabber.held == "Meta+H"
    hotkey.use(False, "Meta+H")
    assert grabber.held is None and hotkey.standing.text == ""


def test_what_the_desktop_chose_is_what_is_shown(language: Language) -> None:
    grabber = FakeGrabber()
    hotkey = Hotkey(lambda: grabber)
    hotkey.use(True, "Ctrl+Alt+Space")
    assert hotkey.standing.text.startswith("Asking the system") and hotkey.problem is None
    grabber.signals.settled.emit(Held("Press Super+H"))
    assert hotkey.standing.text == "Press Super+H brings this window to the front."
    hotkey.close()
    assert grabber.held is None


@pytest.mark.parametrize(
    ("answer", "said", "remedy"),
    [
        (Fault.TAKEN, "Ctrl+Alt+Space is taken.", "Choose another one"),
        (Fault.NO_SUCH_KEY, "Ctrl+Alt+Space cannot be used.", "Choose another one"),
        (Fault.DECLINED, "The desktop did not give", "Bind the command `hxd`"),
        (Fault.CANNOT, "This system offers no key", "Bind the command `hxd`"),
    ],
)
def test_a_fault_says_what_happened_and_what_to_do(language: Language, answer: Fault, said: str, remedy: str) -> None:
    grabber = FakeGrabber(answer)
    hotkey = Hotkey(lambda: grabber)
    hotkey.use(True, "Ctrl+Alt+Space")
    assert hotkey.standing.fault and hotkey.standing.text.startswith(said) and remedy in hotkey.standing.text
    grabber.answer = Held()
    hotkey.use(True, "Ctrl+Alt+Space")  # once more, and now it works
    assert not hotkey.standing.fault
    hotkey.close()


def test_a_system_without_a_way_says_so(qapp: QApplication, language: Language) -> None:
    assert grabber_here() is None  # Qt draws without a screen
    hotkey = Hotkey()
    hotkey.use(True, "Ctrl+Alt+Space")
    assert "Bind the command `hxd`" in hotkey.standing.text
    hotkey.use(True, "Shift+H")
    assert hotkey.standing.text.startswith("Shift+H cannot be used.")
    hotkey.use(False, "")
    assert hotkey.standing.text == ""


# -- in the window -----------------------------------------------------------------------------------------------
def test_the_settings_apply_it_at_once_and_quitting_undoes_it(
    qtbot: QtBot, qapp: QApplication, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grabber = FakeGrabber(Held())
    monkeypatch.setattr(services_module, "Hotkey", lambda: Hotkey(lambda: grabber))
    application = Application(qapp, data_dir)
    application.start()
    bridge = application.services.bridge
    qtbot.waitUntil(lambda: bridge.ready and bridge.idle, timeout=WAIT_MS)
    assert grabber.held is None
    dialog = application.window.dialogs.settings("general")
    assert isinstance(dialog, SettingsDialog)
    told = dialog.findChild(QLabel, "hotkey_told")
    assert not told.isVisible()
    dialog.editors["window.hotkey"].value = True
    edit = dialog.editors["window.hotkey_keys"].widget
    assert isinstance(edit, QKeySequenceEdit) and edit.keySequence() == QKeySequence("Ctrl+Alt+Space")
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert not dialog.apply.isEnabled() and "one key with Ctrl" in dialog.told.text()
    edit.clear()
    qtbot.keyClick(edit, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    assert grabber.held == "Ctrl+Alt+J"
    assert told.text() == "Ctrl+Alt+J brings this window to the front." and told.isVisible()
    qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)
    kept = Settings.load(data_dir / "settings.toml").window
    assert kept.hotkey and kept.hotkey_keys == "Ctrl+Alt+J"
    dialog.close()
    application.window.pages.show_page("search")
    application.window.showMinimized()
    grabber.signals.pressed.emit(Pressed(5))
    assert not application.window.isMinimized() and grabber.forward[-1] == (int(application.window.winId()), Pressed(5))
    assert application.window.pages.current.key == "chat"
    qtbot.waitUntil(application.window.page.composer.edit.hasFocus, timeout=WAIT_MS)
    application.close()
    assert grabber.held is None


def test_what_keeps_the_key_from_working_is_said_at_the_start(
    qtbot: QtBot, qapp: QApplication, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_dir / "settings.toml").write_text("[window]\nhotkey = true\n", encoding="utf-8")
    monkeypatch.setattr(services_module, "Hotkey", lambda: Hotkey(lambda: FakeGrabber(Fault.TAKEN)))
    application = Application(qapp, data_dir)
    application.start()
    bridge = application.services.bridge
    qtbot.waitUntil(lambda: bridge.ready and bridge.idle, timeout=WAIT_MS)
    titles = [banner.problem.title for banner in application.window.pages.banners.banners()]
    assert titles == ["Ctrl+Alt+Space is taken"]
    application.close()


# -- X11 ---------------------------------------------------------------------------------------------------------
SHIFT, CONTROL, ALT, NUM, SUPER = 50, 37, 64, 77, 133
SPACE, H = 65, 43


class FakeServer:
    """An X server of one screen: which grabs it holds, and what it tells."""

    def __init__(self, taken: int = 0) -> None:
        self.roots = (900,)
        self.grabs: set[tuple[int, int, int]] = set()
        self.events: list[tuple[int, int, int, int]] = []
        self.taken = taken  # this many grabs succeed before one is another program's; 0 for all
        self.broken = False
        self.closed = False
        self.activated: list[tuple[int, int]] = []
        self.symbols = {SHIFT: (0xFFE1,), CONTROL: (0xFFE3,), ALT: (0xFFE9, 0xFFE7), NUM: (0xFF7F,), SUPER: (0xFFEB,),
                        SPACE: (0x20,), H: (0x68, 0x48)}  # fmt: skip
        self.descriptor, self._other = os.pipe()

    def close(self) -> None:
        self.closed = True
        os.close(self.descriptor)
        os.close(self._other)

    def keysyms(self) -> dict[int, tuple[int, ...]]:
        return self.symbols

    def modifier_keys(self) -> list[tuple[int, ...]]:
        return [(SHIFT,), (66,), (CONTROL,), (ALT,), (NUM,), (), (SUPER,), ()]

    def grab_key(self, root: int, modifiers: int, code: int) -> int:
        if self.taken and len(self.grabs) == self.taken:
            return 10
        self.grabs.add((root, modifiers, code))
        return 0

    def ungrab_key(self, root: int, modifiers: int, code: int) -> None:
        self.grabs.discard((root, modifiers, code))

    def next_event(self) -> tuple[int, int, int, int] | None:
        return self.events.pop(0) if self.events else None

    def ask_to_activate(self, window: int, time: int) -> None:
        self.activated.append((window, time))

    def tell(self, *events: tuple[int, int, int, int]) -> None:
        self.events += events
        os.write(self._other, b"x")

    def heard(self) -> bool:
        return not self.events


def x11(server: FakeServer) -> tuple[X11Grabber, list[Outcome], list[Pressed]]:
    grabber = X11Grabber(lambda: server)
    settled: list[Outcome] = []
    pressed: list[Pressed] = []
    grabber.signals.settled.connect(settled.append)
    grabber.signals.pressed.connect(pressed.append)
    return grabber, settled, pressed


def test_x11_takes_it_whatever_locks_are_on(qtbot: QtBot) -> None:
    server = FakeServer()
    grabber, settled, pressed = x11(server)
    grabber.grab(Combination(frozenset({"ctrl", "alt"}), "Space"))
    assert settled == [Held()]
    assert server.grabs == {(900, 4 | 8 | locks, SPACE) for locks in (0, 2, 16, 18)}
    server.tell((2, SPACE, 12, 77), (2, H, 12, 78))
    qtbot.waitUntil(lambda: pressed == [Pressed(77)], timeout=WAIT_MS)
    grabber.bring_forward(5, pressed[0])
    assert server.activated == [(5, 77)]
    grabber.release()
    assert server.grabs == set() and server.closed


def test_x11_says_what_another_program_has_and_keeps_nothing(qapp: QApplication) -> None:
    server = FakeServer(taken=2)
    grabber, settled, _ = x11(server)
    grabber.grab(Combination(frozenset({"meta"}), "H"))
    assert settled == [Fault.TAKEN] and server.grabs == set() and server.closed


def test_x11_follows_another_layout(qtbot: QtBot) -> None:
    server = FakeServer()
    grabber, settled, pressed = x11(server)
    grabber.grab(Combination(frozenset({"meta"}), "H"))
    server.symbols[H], server.symbols[SPACE] = (0x20,), (0x68, 0x48)
    server.tell((34, 0, 0, 0))
    qtbot.waitUntil(server.heard, timeout=WAIT_MS)
    assert {code for _, _, code in server.grabs} == {SPACE} and settled == [Held(), Held()]
    server.symbols[SPACE] = (0x78,)
    server.tell((34, 0, 0, 0))
    qtbot.waitUntil(lambda: settled[-1] is Fault.NO_SUCH_KEY, timeout=WAIT_MS)
    server.broken = True
    server.tell()
    qtbot.waitUntil(lambda: settled[-1] is Fault.CANNOT, timeout=WAIT_MS)
    assert server.closed and pressed == []


def test_x11_without_a_server_or_a_key(qapp: QApplication) -> None:
    def nobody() -> FakeServer:
        raise DisplayError("no X server answers")

    grabber = X11Grabber(nobody)
    settled: list[Outcome] = []
    grabber.signals.settled.connect(settled.append)
    grabber.grab(Combination(frozenset({"ctrl"}), "H"))
    server = FakeServer()
    grabber, more, _ = x11(server)
    grabber.grab(Combination(frozenset({"ctrl"}), "F9"))
    assert settled == [Fault.CANNOT] and more == [Fault.NO_SUCH_KEY] and server.closed


# -- Windows -----------------------------------------------------------------------------------------------------
class FakeUser32:
    """Registers one key, or says with which error it does not."""

    def __init__(self, error: int = 0) -> None:
        self.error = error
        self.registered: dict[int, tuple[int, int]] = {}

    def register(self, number: int, modifiers: int, code: int) -> int:
        if not self.error:
            self.registered[number] = (modifiers, code)
        return self.error

    def unregister(self, number: int) -> None:
        del self.registered[number]


def test_windows_hears_its_own_message(qapp: QApplication) -> None:
    system = FakeUser32()
    grabber = WindowsGrabber(system)
    settled: list[Outcome] = []
    pressed: list[Pressed] = []
    grabber.signals.settled.connect(settled.append)
    grabber.signals.pressed.connect(pressed.append)
    grabber.grab(Combination(frozenset({"ctrl", "alt"}), "Space"))
    [(number, registered)] = system.registered.items()
    assert settled == [Held()] and registered == (0x4000 | 1 | 2, 0x20)

    def told(kind: bytes, message: int, w_param: int) -> Any:
        said = wintypes.MSG()
        said.message, said.wParam = message, w_param
        assert grabber._filter is not None
        return grabber._filter.nativeEventFilter(kind, ctypes.addressof(said))

    assert told(b"windows_generic_MSG", 0x0312, number) == (True, 0) and pressed == [Pressed()]
    assert told(b"windows_generic_MSG", 0x0312, number + 1) == (False, 0)
    assert told(b"windows_generic_MSG", 0x0100, number) == (False, 0)
    assert told(b"xcb_generic_event_t", 0x0312, number) == (False, 0) and len(pressed) == 1
    grabber.release()
    assert system.registered == {}


@pytest.mark.parametrize(("error", "fault"), [(1409, Fault.TAKEN), (5, Fault.CANNOT)])
def test_windows_refusals(qapp: QApplication, error: int, fault: Fault) -> None:
    grabber = WindowsGrabber(FakeUser32(error))
    settled: list[Outcome] = []
    grabber.signals.settled.connect(settled.append)
    grabber.grab(Combination(frozenset({"meta"}), "F12"))
    grabber.release()
    assert settled == [fault]


# -- macOS -------------------------------------------------------------------------------------------------------
class FakeCarbon:
    """Registers one key, or says with which error it does not."""

    def __init__(self, error: int = 0, deaf: bool = False) -> None:
        self.error, self.deaf = error, deaf
        self.handler: Any = None
        self.registered: tuple[int, int] | None = None

    def listen(self, handler: Any) -> int | None:
        self.handler = handler
        return None if self.deaf else 11

    def forget(self, listening: int) -> None:
        assert listening == 11
        self.handler = None

    def register(self, code: int, modifiers: int) -> tuple[int, int | None]:
        if self.error:
            return self.error, None
        self.registered = (code, modifiers)
        return 0, 22

    def unregister(self, key: int) -> None:
        assert key == 22
        self.registered = None


def test_macos_hears_its_key_and_gives_it_back() -> None:
    system = FakeCarbon()
    grabber = MacGrabber(system)
    settled: list[Outcome] = []
    pressed: list[Pressed] = []
    grabber.signals.settled.connect(settled.append)
    grabber.signals.pressed.connect(pressed.append)
    grabber.grab(Combination(frozenset({"ctrl", "shift"}), "Space"))
    assert settled == [Held()] and system.registered == (49, 0x0100 | 0x0200)
    assert system.handler(None, None, None) == 0 and pressed == [Pressed()]
    grabber.release()
    assert system.registered is None and system.handler is None


@pytest.mark.parametrize(
    ("system", "key", "fault"),
    [
        (FakeCarbon(error=-9878), "H", Fault.TAKEN),
        (FakeCarbon(error=-50), "H", Fault.CANNOT),
        (FakeCarbon(deaf=True), "H", Fault.CANNOT),
        (FakeCarbon(), "Print", Fault.NO_SUCH_KEY),
    ],
)
def test_macos_refusals_leave_nothing_behind(system: FakeCarbon, key: str, fault: Fault) -> None:
    grabber = MacGrabber(system)
    settled: list[Outcome] = []
    grabber.signals.settled.connect(settled.append)
    grabber.grab(Combination(frozenset({"ctrl"}), key))
    assert settled == [fault] and system.registered is None
    assert grabber._listening is None and (system.handler is None or system.deaf)
