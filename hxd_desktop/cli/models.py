"""`hxd models`: embedder, reranker and language model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.opening import opened

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

KEYS = ("id", "kind", "state", "bytes", "sha256", "verified")


def list_all(arguments: argparse.Namespace) -> int:
    """Print every model."""
    with opened(arguments, writable=False) as assistant:
        return _show(arguments, assistant, assistant.models())


def import_path(arguments: argparse.Namespace) -> int:
    """Take in a model and print it."""
    with opened(arguments, writable=True) as assistant:
        return _show(arguments, assistant, [assistant.import_model(arguments.path)])


def remove(arguments: argparse.Namespace) -> int:
    """Remove a model and print those that are left."""
    with opened(arguments, writable=True) as assistant:
        assistant.remove_model(arguments.id)
        return _show(arguments, assistant, assistant.models())


def use(arguments: argparse.Namespace) -> int:
    """Use a model from now on and print all of them with their new states."""
    with opened(arguments, writable=True) as assistant:
        assistant.use_model(arguments.id)
        return _show(arguments, assistant, assistant.models())


def _show(arguments: argparse.Namespace, assistant: Assistant, models: Sequence[dict[str, Any]]) -> int:
    if arguments.json:
        output.emit({"models": [{key: model.get(key) for key in KEYS} for model in models]})
        return 0
    used = set(assistant.status().models.values())
    rows = [
        (
            "*" if model["id"] in used else "",
            str(model["id"]),
            str(model["kind"]),
            str(model["state"]),
            text.size(model["bytes"]) if model.get("bytes") else "",
            "verified" if model.get("verified") else "",
        )
        for model in models
    ]
    for line in text.table(rows, right=(4,)):
        output.say(line)
    output.say("* in use")
    return 0
