"""`hxd remote`: a language model on another machine, which is asked only where it is turned on."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant


def show(arguments: argparse.Namespace) -> int:
    """Print what is set."""
    with opened(arguments, writable=False) as assistant:
        return _show(arguments, assistant)


def on(arguments: argparse.Namespace) -> int:
    """Allow a remote model from now on."""
    from hxd_desktop.engine.models.remote_address import parse_address

    address = parse_address(arguments.url)
    with opened(arguments, writable=True) as assistant:
        before = assistant.settings.remote
        after = dataclasses.replace(
            before, allowed=True, url=address.base, model=arguments.model, when=arguments.when or before.when
        )
        assistant.update_settings(dataclasses.replace(assistant.settings, remote=after))
        return _show(arguments, assistant)


def off(arguments: argparse.Namespace) -> int:
    """Ask it no more; address and key stay."""
    with opened(arguments, writable=True) as assistant:
        after = dataclasses.replace(assistant.settings.remote, allowed=False)
        assistant.update_settings(dataclasses.replace(assistant.settings, remote=after))
        return _show(arguments, assistant)


def set_key(arguments: argparse.Namespace) -> int:
    """Keep the server's key in the system's keyring; it is never an argument, which others on the machine could see."""
    with opened(arguments, writable=False) as assistant:
        if sys.stdin.isatty():
            import getpass

            key = getpass.getpass(f"Key for {assistant.settings.remote.url}: ", sys.stderr)
        else:
            key = sys.stdin.readline()
        assistant.remote.set_key(key)
        return _show(arguments, assistant)


def forget_key(arguments: argparse.Namespace) -> int:
    """Take the server's key out of the keyring."""
    with opened(arguments, writable=False) as assistant:
        assistant.remote.forget_key()
        return _show(arguments, assistant)


def test(arguments: argparse.Namespace) -> int:
    """Ask it for one word and print what it says."""
    with opened(arguments, writable=False) as assistant, Interrupt() as interrupt:
        output.note(f"Asking {text.one_line(assistant.settings.remote.url)}: this uses the network.")
        began = time.perf_counter()
        said = interrupt.run(assistant.remote.try_out)
        ms = round((time.perf_counter() - began) * 1000, 1)
        return _show(arguments, assistant, {"reply": said, "ms": ms})


def _show(arguments: argparse.Namespace, assistant: Assistant, more: dict[str, Any] | None = None) -> int:
    remote, settings = assistant.remote, assistant.settings.remote
    row = {
        "allowed": settings.allowed,
        "url": settings.url,
        "model": settings.model,
        "when": settings.when,
        "key": remote.key_place(),
    }
    if arguments.json:
        output.emit({"remote": row, **(more or {})})
        return 0
    state = {"declined": "on, where this machine finds no answer", "always": "on, for every answer"}[settings.when]
    output.say(f"Remote model: {state if settings.allowed else 'off'}")
    if settings.url:
        output.say(f"  {text.one_line(settings.model)} at {text.one_line(settings.url)}")
        output.say(f"  key: {row['key'] or 'none'}")
    if more:
        output.say(f"  it says: {text.one_line(more['reply'])} ({more['ms']:.0f} ms)")
    return 0
