import configparser
import importlib.util
import json
import re
import sys
from pathlib import Path, PurePosixPath

import pytest

from hxd_setup import bundle, packages
from hxd_setup.bundle_contents import is_wanted, wanted
from hxd_setup.console import ROOT, SetupError
from tests.unit.setup.test_libraries import elf


def load(name):
    spec = importlib.util.spec_from_file_location(f"bundle_{name}", ROOT / "packaging" / "bundle" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("PySide6/Qt/lib/libQt6Gui.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6\\plugins\\sqldrivers\\qsqlite.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("libgtk-3.so.0", False),
        ("numpy/_core/x.so", True),
        ("PIL/_avif.cpython-311-x86_64-linux-gnu.so", False),
        ("opencv_python_headless.libs/libavif-43e630fc.so.16.4.2", True),  # which text recognition needs
        ("selectolax/lexbor.c", False),
    ],
)
def test_only_the_parts_of_qt_that_the_window_uses_are_taken(place, kept):
    assert is_wanted(place) is kept
    assert wanted([(place, "source", "DATA")]) == ([(place, "source", "DATA")] if kept else [])


def test_formats_models_and_options_are_told_apart(tmp_path):
    assert bundle.parse(["deb", "--with-models", str(tmp_path), "--with-ocr"]) == (["deb"], [tmp_path], True)
    with pytest.raises(SetupError, match="not rpm"):
        bundle.parse(["rpm"])
    with pytest.raises(SetupError, match="no model"):
        bundle.parse(["--with-models", str(tmp_path / "none")])


def test_libraries_that_auditwheel_patched_keep_their_symbols():
    assert bundle.can_be_stripped(Path("_internal/numpy/x.cpython-311-x86_64-linux-gnu.so"))
    assert not bundle.can_be_stripped(Path("_internal/numpy.libs/libopenblas.so"))


def test_the_entry_runs_a_worker_or_the_command(monkeypatch):
    entry = load("entry")
    monkeypatch.setattr("hxd_desktop.engine.workers.__main__.main", lambda words: words)
    monkeypatch.setattr("hxd_desktop.cli.main", lambda words: ["command", *words])
    assert entry.main(["--hxd-worker", "parser", "0"]) == ["parser", "0"]
    assert entry.main(["ask", "--hxd-worker"]) == ["command", "ask", "--hxd-worker"]


def test_the_entry_dispatches_what_the_engine_calls(monkeypatch):
    from hxd_desktop.engine.workers import process

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert process._command("parser", 7)[1:] == [load("entry").WORKER, "parser", "7"]


def test_on_windows_a_worker_is_the_program_with_a_console(tmp_path, monkeypatch):
    from hxd_desktop.engine.workers import process

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "hxd-desktop.exe"))
    assert process._command("parser", 0)[0] == str(tmp_path / "hxd-desktop.exe")
    (tmp_path / "hxd.exe").touch()
    assert process._command("parser", 0) == [str(tmp_path / "hxd.exe"), "--hxd-worker", "parser", "0"]


def test_other_programs_get_the_library_paths_from_before():
    environment = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/own"}
    load("entry").restore(environment)
    # A worker is another start of the same program: it has to set its own paths again.
    assert environment == {"LD_LIBRARY_PATH": "/own", "PYINSTALLER_RESET_ENVIRONMENT": "1"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [("x.dist-info/licenses/LICENSE", True), ("x.dist-info/METADATA", False), ("x/license.py", False)],
)
def test_licences_are_known_by_their_names(name, kept):
    assert load("licences").is_licence(PurePosixPath(name)) is kept


def test_the_desktop_entry_opens_links():
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(packages.LINUX / f"{packages.ID}.desktop", encoding="utf-8")
    assert entry["Desktop Entry"]["exec"] == "hxd-desktop open %U"
    assert "x-scheme-handler/hxd;" in entry["Desktop Entry"]["mimetype"]


def test_the_deb_names_its_size_its_machine_and_who_answers_for_it(monkeypatch):
    monkeypatch.setenv("DEBEMAIL", "ann@example.org")
    lines = packages.control(2049, "x86_64", "libc6 (>= 2.35)").splitlines()
    assert {"Installed-Size: 3", "Architecture: amd64", "Depends: libc6 (>= 2.35)"} <= set(lines)
    assert "Maintainer: HXD Desktop <ann@example.org>" in lines
    assert packages.changelog().startswith(f"hxd-desktop ({packages.version()}) unstable; urgency=medium\n\n  * ")
    assert re.search(
        r"\n -- HXD Desktop <ann@example.org>  [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d 00:00:00 \+0000\n",
        packages.changelog(),
    )


def test_the_deb_asks_for_what_its_libraries_name(tmp_path):
    elf(tmp_path / "hxd", "libc.so.6", more=b"\0GLIBC_2.35\0")
    elf(tmp_path / "_internal" / "qt.so", "libX11.so.6", "libstdc++.so.6", more=b"\0GLIBCXX_3.4.30\0")
    assert packages.depends(tmp_path) == "libc6 (>= 2.35), libstdc++6 (>= 12), libx11-6, xkb-data"


def test_the_manual_page_names_every_command():
    from hxd_desktop.cli.parser import build_parser

    page = (packages.LINUX / "hxd.1").read_text("utf-8")
    described = re.findall(r"^\.B ([a-z][a-z-]*)$", page.replace("\\-", "-"), re.MULTILINE)
    actions = [action for action in build_parser()._actions if action.choices]
    assert described[1:] == list(actions[0].choices)  # behind "hxd" itself


def test_what_belongs_to_no_package_has_no_licence(tmp_path, monkeypatch):
    licences = load("licences")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(licences, "told", lambda *command: "")
    stray = tmp_path / "libstray.so.1"
    own = str(Path(pytest.__file__))
    wrong = licences.collect(tmp_path / "licences", [("libstray.so.1", str(stray)), ("", own), ("link.so", "lib/x.so")])
    assert wrong == [f"{stray} belongs to no package"]
    assert "pytest" in (tmp_path / "licences" / "parts.txt").read_text("utf-8")
    assert any((tmp_path / "licences" / "pytest").iterdir())
    assert (tmp_path / "licences" / "sources.txt").is_file()


def test_the_owner_of_a_library_is_found_by_its_real_place(monkeypatch):
    licences = load("licences")
    answer = "libglib2.0-0:amd64: /usr/lib/libglib.so.0\ndiversion by x from: /lib/y"
    monkeypatch.setattr(licences, "told", lambda *command: answer)
    assert licences.owners_of(["/lib/libglib.so.0", "/lib/y"]) == {"/lib/libglib.so.0": "libglib2.0-0:amd64"}


def test_each_text_that_wheels_leave_out_is_there():
    licences = load("licences")
    for texts in licences.BROUGHT.values():
        for text in texts:
            assert (licences.TEXTS / f"{text}.txt").stat().st_size > 1000


def test_models_are_taken_in_as_the_application_does_and_the_first_of_a_kind_is_used(tmp_path, monkeypatch):
    from hxd_setup import bundle

    monkeypatch.setattr(bundle, "BUILD", tmp_path)
    kinds = iter([("e1", "embedder"), ("e2", "embedder"), ("g", "generator")])

    def output_of(command, env, seconds):
        name, kind = next(kinds)
        folder = tmp_path / "edition" / "models" / name
        folder.mkdir(parents=True, mode=0o700)
        (folder / "model.json").write_text("{}")
        (folder / "model.json").chmod(0o600)
        return json.dumps({"models": [{"id": name, "kind": kind}]})

    monkeypatch.setattr(bundle, "output_of", output_of)
    bundle.take_in(Path("python"), [Path("a"), Path("b"), Path("c")])
    assert json.loads((tmp_path / "models" / "edition.json").read_text()) == {
        "use": {"embedder": "e1", "generator": "g"}
    }
    assert (tmp_path / "models" / "e2" / "model.json").stat().st_mode & 0o777 == 0o644
    assert not (tmp_path / "edition").exists()
    monkeypatch.setattr(bundle, "output_of", lambda *_, **__: None)
    with pytest.raises(SetupError, match="cannot be taken in"):
        bundle.take_in(Path("python"), [Path("broken")])
    bundle.take_in(Path("python"), [])
    assert not (tmp_path / "models").exists()


def test_a_feed_of_releases_is_built_in_where_one_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "BUILD", tmp_path / "build")
    assert bundle.feed_file("") == "" and not (tmp_path / "build").exists()
    file = bundle.feed_file("https://git.example/releases")
    assert Path(file).name == "feed"  # what the application looks for
    assert Path(file).read_text() == "https://git.example/releases\n"
    with pytest.raises(SetupError, match="https"):
        bundle.feed_file("http://git.example/releases")
