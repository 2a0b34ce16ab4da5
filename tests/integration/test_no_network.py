"""Without a network everything but downloads and the remote model works, and nothing even tries to reach one.

Every process of the application, its workers included, runs under an audit hook that notes and refuses whatever would
leave the machine; where the system allows it, all of them run in a network namespace with nothing in it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine import samples
from tests.support import tiny_onnx

# Python imports this in every process that has its folder in PYTHONPATH.
HOOK = """
import os, socket, sys

started = os.environ["HXD_TEST_STARTED"]
with open(started, "a") as stream:
    stream.write(" ".join(sys.argv[:2] or ["-"]) + "\\n")

def hook(event, arguments):
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        if arguments[0].family == getattr(socket, "AF_UNIX", None):
            return
        if event == "socket.bind" and arguments[1][0] in ("::1", "127.0.0.1"):  # urllib3 looks if there is IPv6
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        return
    with open(os.environ["HXD_TEST_TRIED"], "a") as stream:
        stream.write(f"{event} {arguments[1:] or arguments} in {sys.argv}\\n")
    raise PermissionError("there is no network here")

sys.addaudithook(hook)
"""

# The main work in one process: commands with their exit status and their object.
WORK = """
import contextlib, io, json, sys
from hxd_desktop.cli import main

data, docs, model, question, picture = sys.argv[1:]
found = {}
for name, words in {
    "index": ["index", docs],
    "ask": ["ask", question],
    "search": ["search", question],
    "list": ["models", "list", "--available"],
    "import": ["models", "import", model],
    "use": ["models", "use", "tiny"],
    "again": ["ask", question],
    "status": ["status"],
    "doctor": ["doctor"],
    "updates": ["updates", "show"],
    "demo": ["demo", "--screenshot", picture],
}.items():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = main(["--data-dir", data, *words, "--json"])
    found[name] = [status, json.loads(printed.getvalue() or "null")]
print(json.dumps(found))
"""


def environment(folder: Path) -> dict[str, str]:
    """Variables under which every Python process is watched."""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    own = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    path = os.pathsep.join([str(folder / "hook"), str(Path(__file__).parents[2])])
    places = {"HXD_TEST_STARTED": str(folder / "started"), "HXD_TEST_TRIED": str(folder / "tried")}
    return own | places | {"PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}


def without_network() -> list[str]:
    """The words before a command that run it in an empty network namespace; none where that is not allowed."""
    unshare = shutil.which("unshare")
    words = [unshare, "-rn"] if unshare else []
    return words if words and subprocess.run([*words, "true"], capture_output=True).returncode == 0 else []


def test_the_hook_sees_what_it_should(tmp_path: Path) -> None:
    program = "import socket, sys\nsocket.create_connection(('192.0.2.1', 9))"
    done = subprocess.run([sys.executable, "-c", program], env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 1 and "there is no network here" in done.stderr
    assert "socket.getaddrinfo" in (tmp_path / "tried").read_text()


def test_the_main_work(tmp_path: Path) -> None:
    watched = environment(tmp_path)
    (tmp_path / "data").mkdir()  # a feed that nobody has switched on
    (tmp_path / "data" / "settings.toml").write_text('[updates]\nfeed = "https://192.0.2.1/releases"\n')
    arguments = [
        tmp_path / "data", samples.documents() / "handbook", tiny_onnx.make_embedder(tmp_path / "tiny"),
        samples.questions()[0].question, tmp_path / "window.png",
    ]  # fmt: skip
    done = subprocess.run(
        [*without_network(), sys.executable, "-c", WORK, *map(str, arguments)],
        env=watched, capture_output=True, text=True, encoding="utf-8", timeout=150, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "tried").exists(), (tmp_path / "tried").read_text()
    found = json.loads(done.stdout)
    assert {name: status for name, (status, _) in found.items() if name != "doctor"} == dict.fromkeys(
        [name for name in found if name != "doctor"], 0
    ), done.stderr
    assert found["index"][1]["documents"]["indexed"] > 0
    assert found["ask"][1]["outcome"] == "answered" and found["search"][1]["results"]
    assert len(found["list"][1]["available"]) > 10
    assert found["updates"][1]["updates"]["feed"] and not found["updates"][1]["updates"]["allowed"]
    assert found["import"][1]["models"][0]["verified"]
    assert found["again"][1]["model"]["embedder"].startswith("tiny-")
    assert found["doctor"][1]["checks"]
    assert [answer["outcome"] for answer in found["demo"][1]["answers"]][:2] == ["answered", "answered"]
    assert (tmp_path / "window.png").stat().st_size > 10_000
    # The workers were watched as well: parsers and ONNX Runtime had processes of their own.
    assert len((tmp_path / "started").read_text().splitlines()) >= 3


def test_a_download_without_a_network_says_so(tmp_path: Path) -> None:
    program = "import sys\nfrom hxd_desktop.cli import main\nsys.exit(main(sys.argv[1:]))"
    settings = tmp_path / "data" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text('[downloads]\nhuggingface = ["http://127.0.0.1:9"]\nmodelscope = []\n')
    words = ["--data-dir", str(tmp_path / "data"), "models", "download", "bge-small-zh-v1.5"]
    done = subprocess.run(
        [*without_network(), sys.executable, "-c", program, *words],
        env=environment(tmp_path), capture_output=True, text=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and "could not be downloaded" in done.stderr
    assert (tmp_path / "tried").exists()


# The window, open until it has told what it knows, on a data directory that names a feed.
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from hxd_desktop.ui import app

starts = app.Application.start

def start(application):
    starts(application)
    bridge, began = application.services.bridge, []
    timer = QTimer(application, interval=50)
    timer.timeout.connect(lambda: bridge.ready and bridge.idle and application.window.leave())
    timer.start()

app.Application.start = start
sys.exit(app.main(sys.argv[1], argv=[]))
"""


@pytest.mark.parametrize("allowed", [False, True])
def test_a_window_asks_a_feed_only_where_that_is_switched_on(tmp_path: Path, allowed: bool) -> None:
    settings = tmp_path / "data" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text(f'[updates]\nfeed = "https://192.0.2.1/releases"\nallowed = {str(allowed).lower()}\n')
    done = subprocess.run(
        [*without_network(), sys.executable, "-c", WINDOW, str(tmp_path / "data")],
        env=environment(tmp_path), capture_output=True, text=True, encoding="utf-8", timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tried").exists() is allowed
