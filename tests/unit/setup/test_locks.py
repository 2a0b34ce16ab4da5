from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hxd_setup import locks
from hxd_setup.environment import LOCKS

NAMES = [name for name, _ in locks.TOGETHER + locks.APART]


def locked(name: str) -> dict[str, set[str]]:
    """Map each package of a lock to its versions; more than one where markers choose."""
    versions: dict[str, set[str]] = {}
    for line in (LOCKS / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            package, _, version = line.rstrip(" \\").partition(" ; ")[0].partition("==")
            versions.setdefault(package, set()).add(version)
    return versions


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
    asked = {
        "runtime.txt": metadata["project"]["dependencies"],
        "dev.txt": metadata["project"]["dependencies"] + metadata["groups"]["dev"],
        "minilm.txt": metadata["project"]["dependencies"] + metadata["project"]["optional-dependencies"]["minilm"],
        "ocr.txt": metadata["project"]["dependencies"] + metadata["project"]["optional-dependencies"]["ocr"],
        **{f"{group}.txt": metadata["groups"][group] for group in ("llm", "build", "uv")},
    }
    for name, requirements in asked.items():
        versions = locked(name)
        for requirement in map(Requirement, requirements):
            found = versions.get(canonicalize_name(requirement.name), set())
            assert found, f"{requirement} is not in {name}: run python3 bootstrap.py lock"
            assert all(requirement.specifier.contains(version) for version in found), (
                f"{requirement} in {name}: {found}"
            )


def test_locks_that_share_an_environment_agree_on_every_version() -> None:
    chosen: dict[str, set[frozenset[str]]] = {}
    for name, _ in locks.TOGETHER:
        for package, versions in locked(name).items():
            chosen.setdefault(package, set()).add(frozenset(versions))
    assert {package: found for package, found in chosen.items() if len(found) > 1} == {}


def test_no_lock_brings_what_the_overrides_leave_out() -> None:
    for name in NAMES:
        assert not {"sentence-transformers", "torch"} & set(locked(name)), name


def test_a_lock_is_for_every_platform_and_keeps_no_address() -> None:
    command = locks.compile_command("uv", Path("x.txt"), ["pyproject.toml"], ["--upgrade"])
    assert {"--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--upgrade"} <= set(command)
