"""Models in order, each once, with what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.manage.rows import Fit, ModelRow, device_text, facts, fit, fit_text, rows_of, state_text

GB = 1 << 30


def installed(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "generator", "state": "ready", "bytes": GB, "verified": True, "name": name} | more


def offered(name: str, state: str) -> dict[str, Any]:
    return {
        "id": name, "kind": "generator", "name": name.upper(), "bytes": GB, "memory_bytes": 2 * GB, "licence": "MIT",
        "languages": ["zh"], "hubs": ["huggingface"], "state": state,
    }  # fmt: skip


def test_what_is_here_stands_once_and_what_is_used_first(language: Language) -> None:
    rows = rows_of(
        [installed("extractive", bytes=0), installed("mine"), installed("other", state="damaged")],
        [offered("mine", "ready"), offered("begun", "partial"), offered("far", "available")],
        {"generator": "mine", "embedder": "builtin", "reranker": None},
    )
    assert [(row.id, row.state, row.in_use) for row in rows] == [
        ("mine", "ready", True),
        ("extractive", "ready", False),
        ("other", "damaged", False),
        ("begun", "partial", False),
        ("far", "available", False),
    ]
    mine, quotations, other, begun, far = rows
    assert (mine.memory_bytes, mine.licence, mine.languages) == (2 * GB, "MIT", ("zh",))
    assert quotations.name == "Quotations" and not quotations.removable and not quotations.memory_bytes
    assert other.memory_bytes > GB and other.removable and begun.removable and not far.removable
    assert [row.here for row in rows] == [True, True, True, False, False]
    assert [state_text(row)[0] for row in rows] == ["in use", "", "damaged", "partly fetched", ""]


def test_what_comes_with_the_application_says_so_and_stays(language: Language) -> None:
    (row,) = rows_of([installed("inside", shipped=True)], [], {})
    assert row.shipped and not row.removable
    assert facts(row) == "1.0 GB · comes with the application"


@pytest.mark.parametrize(("needs", "expected"), [(3, Fit.FREE), (10, Fit.TIGHT), (15, Fit.NO)])
def test_a_model_fits_now_or_with_other_programs_closed_or_not(needs: int, expected: Fit) -> None:
    device = {"memory_bytes": 16 * GB, "memory_available_bytes": 4 * GB}
    assert fit(needs * GB, device) is expected
    assert fit(needs * GB, {}) is Fit.UNKNOWN


def test_what_is_said_of_a_model_and_a_machine(language: Language) -> None:
    row = ModelRow("m", "embedder", "M", "ready", GB, 3 * GB, licence="MIT", languages=("*", "en"))
    assert facts(row) == "1.0 GB · any language, en · MIT"
    device = {"cores": 4, "memory_bytes": 4 * GB, "memory_available_bytes": 2 * GB, "gpu": ["cuda"], "llama_cpp": "1"}
    assert fit_text(row, device) == ("needs about 3.0 GB of memory: fits when other programs are closed", "refuse")
    assert device_text(device) == "4 cores · 2.0 GB of 4.0 GB memory free · graphics card through CUDA"
    assert device_text({**device, "gpu": [], "llama_cpp": None}).endswith("language models cannot run")
