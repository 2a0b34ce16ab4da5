"""Reads the running window through AT-SPI, as a screen reader does; run by a Python that has PyGObject.

`at_spi_reader.py FILE QUESTION...` puts each question, waits until its answer is announced, and writes as JSON what was
announced, what stands in the conversation line by line, and the order in which everything is told.
"""

from __future__ import annotations

import json
import pathlib
import sys
import time
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

WAIT_S = 60.0


def until(what: str, ready: Any) -> Any:
    """Turn the main loop until `ready()` gives something."""
    deadline, loop = time.monotonic() + WAIT_S, GLib.MainContext.default()
    while time.monotonic() < deadline:
        try:
            if found := ready():
                return found
        except GLib.GError:  # something went while it was looked at: look again
            pass
        loop.iteration(False) or time.sleep(0.02)
    raise SystemExit(f"waited in vain: {what}")


def application() -> Any:
    """The window's application, once it is there and shown."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    children = (desktop.get_child_at_index(at) for at in range(desktop.get_child_count()))
    return next((one for one in children if one is not None and one.get_name() == "hxd-desktop"), None)


def showing(one: Any) -> bool:
    return bool(one.get_state_set().contains(Atspi.StateType.SHOWING))


def walk(one: Any) -> Any:
    """Everything that is shown, in the order in which it is told."""
    yield one
    for at in range(one.get_child_count()):
        child = one.get_child_at_index(at)
        if child is not None and (showing(child) or child.get_role() == Atspi.Role.FRAME):
            yield from walk(child)


def named(app: Any, name: str) -> Any:
    return next((one for one in walk(app) if one.get_name() == name), None)


def lines(one: Any) -> list[str]:
    """The lines of a text, as they are read with the arrow keys."""
    text = one.get_text_iface()
    if text is None:
        return []
    found, at, end = [], 0, Atspi.Text.get_character_count(text)
    while at < end:
        part = Atspi.Text.get_string_at_offset(text, at, Atspi.TextGranularity.LINE)
        if part.end_offset > at and part.content.strip():
            found.append(part.content.strip())
        at = max(part.end_offset, at + 1)  # a line that wraps ends before its last blank
    return found


def value(one: Any) -> float | None:
    number = one.get_value_iface()
    return Atspi.Value.get_current_value(number) if number is not None else None


def describe(one: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"role": one.get_role_name(), "name": one.get_name()}
    if one.get_state_set().contains(Atspi.StateType.FOCUSABLE):
        said["focusable"] = True
    if text := lines(one):
        said["lines"] = text
    if (number := value(one)) is not None:
        said["value"] = number
    return said


def main(out: str, questions: list[str]) -> None:
    announced: list[str] = []
    listener = Atspi.EventListener.new(lambda event: announced.append(str(event.any_data)))
    listener.register("object:announcement")
    app = until("the application", application)
    edit = until("the question's field", lambda: named(app, "Question"))
    until("the libraries", lambda: named(app, "Ask the library default"))
    for question in questions:
        before = len(announced)
        Atspi.EditableText.set_text_contents(edit.get_editable_text_iface(), question)
        send = until("the button", lambda: named(app, "Send"))
        until("a question that may be sent", lambda send=send: send.get_state_set().contains(Atspi.StateType.ENABLED))
        Atspi.Action.do_action(send.get_action_iface(), 0)
        until(f"the answer to {question}", lambda before=before: len(announced) > before)
    conversation = until("the conversation", lambda: named(app, "Conversation"))
    heard = until(
        "everything at rest",
        lambda: {
            "announced": announced,
            "conversation": [describe(one) for one in walk(conversation)],
            "window": [describe(one) for one in walk(app)],
        },
    )
    pathlib.Path(out).write_text(json.dumps(heard, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    Atspi.init()
    main(sys.argv[1], sys.argv[2:])
