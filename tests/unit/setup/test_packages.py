"""What is made for systems that these tests do not run on: by their recipes, with the tools faked."""

from __future__ import annotations

import plistlib
import re
import struct
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import yaml

from hxd_setup import appimage, bundle, packages
from hxd_setup.bundle_contents import MAC_IDENTIFIER, info_plist
from hxd_setup.console import ROOT, SetupError

# https://jrsoftware.org/ishelp: the directives and sections that the recipe uses.
DIRECTIVES = set(
    "AppId AppName AppVersion AppPublisher DefaultDirName DefaultGroupName PrivilegesRequired "
    "PrivilegesRequiredOverridesAllowed ArchitecturesAllowed ArchitecturesInstallIn64BitMode LicenseFile SetupIconFile "
    "UninstallDisplayIcon OutputDir OutputBaseFilename Compression SolidCompression WizardStyle CloseApplications "
    "ChangesAssociations DiskSpanning".split()
)
PARAMETERS = {
    "Languages": {"Name", "MessagesFile"},
    "Tasks": {"Name", "Description", "Flags"},
    "Files": {"Source", "DestDir", "Flags"},
    "InstallDelete": {"Type", "Name"},
    "Icons": {"Name", "Filename", "Tasks"},
    "Registry": {"Root", "Subkey", "ValueType", "ValueName", "ValueData", "Flags"},
    "Run": {"Filename", "Description", "Flags"},
}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    made: list[list[str]] = []
    monkeypatch.setattr(packages, "_call", lambda command, complaint, variables=None: made.append(list(command)))
    return made


def sections() -> dict[str, list[str]]:
    text = (packages.WINDOWS / "hxd.iss").read_text("utf-8").replace("\\\n", "")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line.strip() and not line.startswith(";"):
            lines.append(line.strip())
    return found


@pytest.mark.parametrize(
    ("system", "formats"),
    [("linux", ["deb", "appimage"]), ("win32", ["installer"]), ("darwin", ["dmg"]), ("freebsd14", [])],
)
def test_each_system_has_its_packages(system: str, formats: list[str]) -> None:
    assert packages.formats_of(system) == formats
    assert set(formats) <= set(bundle.FORMATS) and set(bundle.FORMATS) == set(packages.MAKERS)


def test_the_installer_is_given_every_name_that_its_recipe_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[list[str]]
) -> None:
    monkeypatch.setattr(packages.shutil, "which", lambda name, path=None: "ISCC" if name == "iscc" else None)
    (tmp_path / "a").write_text("x")
    (tmp_path / f"hxd-desktop-{packages.version()}-setup.exe").touch()
    made = packages.make_installer(tmp_path, tmp_path, tmp_path)
    defined = dict(word[2:].split("=", 1) for word in calls[0] if word.startswith("/D"))
    used = set(re.findall(r"\{#(\w+)\}", (packages.WINDOWS / "hxd.iss").read_text("utf-8")))
    assert set(defined) == used
    assert defined["Spanning"] == "no"
    assert [path.name for path in made] == [f"hxd-desktop-{packages.version()}-setup.exe"]
    monkeypatch.setattr(packages.shutil, "which", lambda name, path=None: None)
    with pytest.raises(SetupError, match="Inno Setup"):
        packages.make_installer(tmp_path, tmp_path, tmp_path)


def test_the_installers_recipe_is_of_known_parts() -> None:
    parts = sections()
    assert {line.partition("=")[0] for line in parts["Setup"]} <= DIRECTIVES
    for name, allowed in PARAMETERS.items():
        for line in parts[name]:
            assert set(re.findall(r"(?:^|; )(\w+):", line)) <= allowed, line
            assert line.count('"') % 2 == 0, line


def test_the_installer_registers_links_and_takes_everything_back() -> None:
    rows = sections()["Registry"]
    opens = [line for line in rows if r"\hxd\shell\open\command" in line]
    assert opens and '"""{app}\\hxd-desktop.exe"" open ""%1"""' in opens[0]
    roots = [re.search(r'Subkey: "([^"]+)"', line).group(1) for line in rows]
    removed = [root for root, line in zip(roots, rows, strict=True) if "uninsdeletekey" in line]
    assert all(any(root == gone or root.startswith(gone + "\\") for gone in removed) for root in roots)


def test_a_mac_knows_links_and_what_may_be_dropped_and_shows_the_window() -> None:
    read = plistlib.loads(plistlib.dumps(info_plist("1.2.3")))
    assert read["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["hxd"]
    assert read["CFBundleDocumentTypes"][0]["LSHandlerRank"] == "Alternate"
    assert read["LSBackgroundOnly"] is False
    assert re.fullmatch(r"[A-Za-z0-9.-]+", MAC_IDENTIFIER)
    assert plistlib.loads((ROOT / "packaging" / "bundle" / "entitlements.plist").read_bytes())


def test_a_disk_image_holds_the_application_and_is_signed_where_there_is_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[list[str]]
) -> None:
    folder = tmp_path / "dist" / "hxd-desktop"
    monkeypatch.delenv("HXD_CODESIGN_IDENTITY", raising=False)
    (image,) = packages.make_dmg(folder, tmp_path, folder.parent)
    assert [command[0] for command in calls] == ["ditto", "hdiutil"]
    assert (tmp_path / "build" / "bundle" / "dmg" / "Applications").is_symlink()
    monkeypatch.setenv("HXD_CODESIGN_IDENTITY", "Developer ID Application: Ann")
    packages.make_dmg(folder, tmp_path, folder.parent)
    assert calls[-1][:3] == ["codesign", "--sign", "Developer ID Application: Ann"] and calls[-1][-1] == str(image)


def test_the_workflow_runs_the_one_command_on_three_systems() -> None:
    read = yaml.safe_load((ROOT / ".github" / "workflows" / "bundle.yml").read_text("utf-8"))
    job = read["jobs"]["bundle"]
    systems = {entry["system"].partition("-")[0] for entry in job["strategy"]["matrix"]["include"]}
    assert systems == {"ubuntu", "windows", "macos"}
    assert "python bootstrap.py bundle" in [step.get("run") for step in job["steps"]]
    assert set(read[True]) == {"workflow_dispatch", "push"} and read[True]["push"] == {"tags": ["v*"]}
    for package in appimage.PACKAGES:
        assert any(package in step.get("run", "") for step in job["steps"]), package


def test_an_appimage_is_the_runtime_marked_as_such_and_the_image_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compile_runtime(target: Path) -> None:
        target.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))

    def run(command: list[str]) -> int:
        assert command[:2] == ["mksquashfs", str(tmp_path / "AppDir")]
        Path(command[2]).write_bytes(b"hsqs")
        return 0

    monkeypatch.setattr(appimage, "compile_runtime", compile_runtime)
    monkeypatch.setattr(appimage, "run", run)
    target = tmp_path / "x.AppImage"
    appimage.make(tmp_path / "AppDir", target)
    data = target.read_bytes()
    assert struct.unpack_from("8s3s", data) == (b"\x7fELF\x02\x01\x01\x00", b"AI\x02")
    assert data[64:] == b"hsqs" and target.stat().st_mode & 0o111
    assert [path.name for path in tmp_path.iterdir()] == ["x.AppImage"]
    monkeypatch.setattr(appimage, "run", lambda command: 1)
    with pytest.raises(SetupError, match="mksquashfs"):
        appimage.make(tmp_path / "AppDir", target)


def test_what_an_appimage_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appimage, "compile_runtime", lambda target: "fuse_lowlevel.h: No such file")
    said = appimage.lack()
    assert said is not None and said.startswith("fuse_lowlevel.h: No such file") and "libfuse3-dev" in said
    monkeypatch.setattr(appimage, "compile_runtime", lambda target: None)
    monkeypatch.setattr(appimage.shutil, "which", lambda name: "/usr/bin/" + name)
    assert appimage.lack() is None


class Recipe:
    """What hxd.spec does on a system, with PyInstaller's parts recorded instead of done."""

    def __init__(self, system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.programs: list[dict[str, Any]] = []
        self.applications: list[dict[str, Any]] = []
        self.analysed: dict[str, Any] = {}
        hooks = types.ModuleType("PyInstaller.utils.hooks")
        for name in ("collect_data_files", "collect_dynamic_libs", "collect_submodules", "copy_metadata"):
            setattr(hooks, name, lambda *_, **__: [])
        for name in ("PyInstaller", "PyInstaller.utils"):
            monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
        licences = types.ModuleType("licences")
        licences.collect = lambda target, files: []
        monkeypatch.setitem(sys.modules, "licences", licences)
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setattr(sys, "path", list(sys.path))
        for name in ("hxd.ico", "hxd.icns"):
            (tmp_path / "icons").mkdir(exist_ok=True)
            (tmp_path / "icons" / name).touch()
        monkeypatch.setenv("HXD_BUNDLE_BUILD", str(tmp_path))
        monkeypatch.setenv("HXD_BUNDLE_LLM", "1")
        monkeypatch.delenv("HXD_BUNDLE_FEED", raising=False)
        monkeypatch.setenv("HXD_CODESIGN_IDENTITY", "Ann" if system == "darwin" else "")
        spec = ROOT / "packaging" / "bundle" / "hxd.spec"
        parts = {
            "SPECPATH": str(spec.parent),
            "Analysis": self._analysis,
            "PYZ": lambda *_: None,
            "Tree": lambda *_, **__: [],
            "EXE": lambda *_, **options: self.programs.append(options),
            "COLLECT": lambda *_, **__: "folder",
            "BUNDLE": lambda folder, **options: self.applications.append(options),
        }
        exec(compile(spec.read_text("utf-8"), str(spec), "exec"), parts)

    def _analysis(self, scripts: list[str], **options: Any) -> Any:
        self.analysed = {"scripts": scripts, **options}
        return types.SimpleNamespace(binaries=[], datas=[], pure=[], scripts=scripts)


def test_on_windows_there_are_two_programs_of_which_one_has_no_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("win32", tmp_path, monkeypatch)
    assert [(program["name"], program["console"]) for program in recipe.programs] == [
        ("hxd", True),
        ("hxd-desktop", False),
    ]
    assert all(str(program["icon"]).endswith("hxd.ico") for program in recipe.programs)
    assert recipe.applications == [] and recipe.programs[0]["entitlements_file"] is None


def test_on_a_mac_one_application_is_signed_with_its_entitlements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("darwin", tmp_path, monkeypatch)
    (program,), (application,) = recipe.programs, recipe.applications
    assert (program["name"], program["codesign_identity"]) == ("hxd", "Ann")
    assert Path(program["entitlements_file"]).is_file()
    assert application["bundle_identifier"] == MAC_IDENTIFIER and application["name"].endswith(".app")
    assert application["info_plist"] == info_plist(packages.version())


def test_on_linux_there_is_one_program_and_what_is_not_used_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("linux", tmp_path, monkeypatch)
    assert [program["name"] for program in recipe.programs] == ["hxd"] and recipe.applications == []
    assert {"PySide6.QtQml", "rapidocr", "lxml.objectify"} <= set(recipe.analysed["excludes"])
    assert "llama_cpp" in recipe.analysed["hiddenimports"]
