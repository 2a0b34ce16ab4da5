"""The key from anywhere on a real X server: pressed in another window, it brings ours forward, ready for a question."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

WAIT_S = 60

missing = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
pytestmark = [
    pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="of systems with X11"),
    pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}"),
]

WINDOW = """
import subprocess, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.system.open_events import OpeningApplication

app = OpeningApplication(["hxd"])
application = Application(app, Path(sys.argv[1]))
application.start()
other = QLineEdit()
presses = []
hotkey = application.services.hotkey
hotkey.pressed.connect(lambda: presses.append(True))

def press(*keys):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

def ours():
    return application.window.isActiveWindow() and application.window.page.composer.edit.hasFocus()

def go_elsewhere():
    other.show()
    other.activateWindow()
    other.setFocus()

def standing_known():
    return not hotkey.standing.text.startswith("Asking") and application.services.bridge.ready

STEPS = [
    (standing_known, lambda: (print(hotkey.standing.text, flush=True), go_elsewhere())),
    (other.hasFocus, lambda: press("ctrl+alt+j")),
    (ours, lambda: (print("plain", len(presses), flush=True), go_elsewhere())),
    (other.hasFocus, lambda: press("Num_Lock", "ctrl+alt+j")),
    (ours, lambda: (print("numlock", flush=True), go_elsewhere())),
    (other.hasFocus, lambda: press("Caps_Lock", "ctrl+alt+j")),
    (ours, lambda: (print("capslock", flush=True), hotkey.use(False, ""), go_elsewhere())),
    (other.hasFocus, lambda: (presses.clear(), press("ctrl+alt+j"), press("x"))),
    (lambda: other.text().lower() == "x", lambda: (print("given back", len(presses), flush=True), app.quit())),
]
FAULTY = [(standing_known, lambda: (print(hotkey.standing.text, flush=True), app.quit()))]
steps = iter(FAULTY if sys.argv[2] == "faulty" else STEPS)
now = [next(steps)]

def step():
    ready, then = now[0]
    if ready():
        then()
        now[0] = next(steps, (lambda: False, None))

beat = QTimer(interval=20)
beat.timeout.connect(step)
beat.start()
app.exec()
beat.stop()
other.deleteLater()
application.close()
"""

HOLDER = """
import sys
from PySide6.QtCore import QCoreApplication
from hxd_desktop.ui.system.combination import parse
from hxd_desktop.ui.system.hotkey_x11 import X11Grabber

app = QCoreApplication([])
grabber = X11Grabber()
grabber.signals.settled.connect(lambda outcome: print(outcome, flush=True))
grabber.grab(parse("Ctrl+Alt+J"))
sys.stdin.read()
grabber.release()
"""


@pytest.fixture(scope="module")
def display() -> Iterator[dict[str, str]]:
    """The environment of a program on an X server of its own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading, encoding="ascii") as told:
        number = told.readline().strip()
    if not number:
        server.wait()
        pytest.skip("Xvfb does not start here")
    names = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "HXD_DATA_DIR")}
    yield {**names, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
    server.terminate()
    server.wait()


def window(folder: Path, display: dict[str, str], mode: str) -> list[str]:
    folder.mkdir()
    (folder / "settings.toml").write_text('[window]\nlanguage = "en"\nhotkey = true\nhotkey_keys = "Ctrl+Alt+J"\n')
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(folder), mode],
        env=display,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_pressed_elsewhere_it_brings_the_window_forward(tmp_path: Path, display: dict[str, str]) -> None:
    assert window(tmp_path / "data", display, "press") == [
        "Ctrl+Alt+J brings this window to the front.",
        "plain 1",
        "numlock",
        "capslock",
        "given back 0",
    ]


def test_another_program_that_has_it_is_named_as_the_cause(tmp_path: Path, display: dict[str, str]) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={**display, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().startswith("Held")
    [told] = window(tmp_path / "data", display, "faulty")
    assert told.startswith("Ctrl+Alt+J is taken. Another program has this combination already.")
    holder.communicate("")
    assert holder.returncode == 0
