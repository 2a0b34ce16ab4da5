from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hxd_setup import locks
from hxd_setup.environment import LOCKS

NAMES = [name for name, _ in locks.TOGETHER + locks.APART]


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def locked(name: str) -> set[str]:
    lines = (LOCKS / name).read_text(encoding="utf-8").splitlines()
    return {canonical(line) for line in lines if line and not line.startswith((" ", "#"))}


@pytest.fixture(scope="module")
def metadata() -> dict[str, dict[str, list[str]]]:
    project = tomllib.loads((locks.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {"project": project["project"], "groups": project["dependency-groups"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_names_versions_markers_and_hashes_alone(name: str) -> None:
    lines = (LOCKS / name).read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"[a-z0-9-]+==[0-9][\w.+!]*( ; [\w .'()<>=!]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        ), line


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (LOCKS / name).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        assert "--hash=sha256:" in entry, entry


def test_the_locks_hold_what_the_project_asks_for(metadata: dict[str, dict[str, list[str]]]) -> None:
    runtime = {canonical(requirement) for requirement in metadata["project"]["dependencies"]}
    development = {canonical(requirement) for requirement in metadata["groups"]["dev"]}
    remedy = "run: python3 bootstrap.py lock"
    assert runtime <= locked("runtime.txt"), remedy
    assert runtime | development <= locked("dev.txt"), remedy
    for group in ("llm", "build", "uv"):
        assert {canonical(requirement) for requirement in metadata["groups"][group]} <= locked(f"{group}.txt"), remedy


def test_locks_that_share_an_environment_agree_on_every_version() -> None:
    chosen: dict[str, set[frozenset[str]]] = {}
    for name, _ in locks.TOGETHER:
        versions: dict[str, set[str]] = {}
        for line in (LOCKS / name).read_text(encoding="utf-8").splitlines():
            if not line.startswith(" "):
                package, _, version = line.rstrip(" \\").partition(" ; ")[0].partition("==")
                versions.setdefault(package, set()).add(version)
        for package, found in versions.items():
            chosen.setdefault(package, set()).add(frozenset(found))
    assert {package: versions for package, versions in chosen.items() if len(versions) > 1} == {}


def test_a_lock_is_for_every_platform_and_keeps_no_address() -> None:
    command = locks.compile_command("uv", Path("x.txt"), ["pyproject.toml"], ["--upgrade"])
    assert {"--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--upgrade"} <= set(command)
