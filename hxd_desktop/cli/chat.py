"""`hxd chat`: a conversation in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.cli import answers, output, text
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import libraries, opened
from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, HxdError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.library.model import Example

HISTORY_TURNS = 8
HELP = """\
Ask in your own words. Esc or Ctrl-C stops an answer.
  /sources  the last answer's sources in full
  /why      how the last decision was made, stage by stage
  /good     the last question should be answered: its library learns that
  /bad      the last question should be refused: its library learns that
  /undo     take the last /good or /bad back
  /new      forget the conversation so far
  /quit     leave (or Ctrl-D)"""

_VERDICTS = {"/good": True, "/bad": False}

# An escape key and the start of an arrow key look alike; after this long it was the escape key.
_ESCAPE_S = 0.05


def chat(arguments: argparse.Namespace) -> int:
    """Ask and answer until /quit or the end of input; questions come line by line where input is no terminal."""
    if arguments.json:
        raise output.UsageError("hxd chat is for reading; for scripts there is hxd ask --json.")
    with opened(arguments, writable=False) as assistant:
        conversation = _Conversation(assistant, libraries(arguments), lambda: opened(arguments, writable=True))
        if sys.stdin.isatty():
            output.say(HELP)
            questions = _typed_lines(Path(assistant.status().data_dir))
            take = conversation.take_with_keys
        else:
            questions = iter(sys.stdin)
            take = conversation.take
        for line in questions:
            entry = line.strip()
            if entry in {"/quit", "/exit"}:
                break
            if entry.startswith("/"):
                conversation.command(entry)
            elif entry:
                take(entry)
    return 0


class _Conversation:
    """What was asked and answered so far, and how the next question is."""

    def __init__(
        self, assistant: Assistant, names: list[str], writing: Callable[[], AbstractContextManager[Assistant]]
    ) -> None:
        self._assistant = assistant
        self._names = names
        self._writing = writing
        self._turns: list[tuple[str, str]] = []
        self._last: Answer | None = None
        self._kept: list[Example] = []

    def command(self, entry: str) -> None:
        """Obey a line that starts with a slash."""
        if entry == "/new":
            self._turns.clear()
            self._last = None
            output.say("A new conversation.")
        elif entry == "/sources" and self._last:
            self._say_lines(answers.source_lines(self._last.sources) or ["There are none."])
        elif entry == "/why" and self._last:
            self._say_lines([answers.verdict_line(self._last), *answers.trace_lines(self._last)])
        elif entry in _VERDICTS and self._last:
            self._judge(self._last, _VERDICTS[entry])
        elif entry == "/undo" and self._kept:
            self._take_back()
        elif entry in {"/sources", "/why", *_VERDICTS}:
            output.say("Nothing has been asked yet.")
        elif entry == "/undo":
            output.say("There is nothing to take back.")
        else:
            output.say(HELP)

    def _judge(self, answer: Answer, answerable: bool) -> None:
        """Keep the last question as an example of the library whose gate decided, which learns from it at once."""
        library = answer.refusal.library or self._names[0]
        try:
            with self._writing() as assistant:  # only now: a chat holds nobody up
                kept = assistant.add_example(answer.question, answerable, library, "chat")
        except HxdError as error:
            output.note(output.failure_line(error))
            return
        self._kept.append(kept)
        what = "answer" if answerable else "refuse"
        output.say(f"Kept as a question to {what} in {text.one_line(library)}; /undo takes it back.")

    def _take_back(self) -> None:
        try:
            with self._writing() as assistant:
                assistant.remove_example(self._kept[-1].id)
        except HxdError as error:
            output.note(output.failure_line(error))
            return
        output.say(f"Forgotten: {text.one_line(self._kept.pop().question)}")

    def take(self, question: str) -> None:
        """Ask; Ctrl-C stops the answer."""
        with Interrupt() as interrupt:
            self._answer(lambda ask: interrupt.run(ask), question)

    def take_with_keys(self, question: str) -> None:
        """Ask; Esc or Ctrl-C stops the answer."""
        self._answer(lambda ask: asyncio.run(_watching_keys(ask)), question)

    def _answer(self, run: Callable[[Callable[[CancelToken], Answer]], Answer], question: str) -> None:
        streamed: list[str] = []

        def show(piece: str) -> None:
            streamed.append(piece)
            output.write(text.clean(piece), flush=True)

        def ask(token: CancelToken) -> Answer:
            return self._assistant.ask(question, self._names, history=tuple(self._turns), on_text=show, cancel=token)

        try:
            answer = run(ask)
        except Cancelled:
            output.say("\nStopped.\n")
            return
        self._last = answer
        if streamed:
            output.say()
        elif answer.answer:
            output.say(text.clean(answer.answer))
        output.say("  " + answers.verdict_line(answer))
        for line in answers.notes(answer):
            output.say("  " + line)
        if answer.outcome is Outcome.ANSWERED:
            self._turns = [*self._turns, (question, answer.answer)][-HISTORY_TURNS:]
            for source in answers.cited(answer):
                page = f" p. {source.page}" if source.page is not None else ""
                output.say(f"  [{source.n}] {text.one_line(source.document)}{page}")
        elif answer.refusal.reason and answer.refusal.reason not in answer.answer:
            output.say("  " + text.one_line(answer.refusal.reason))
        output.say()

    @staticmethod
    def _say_lines(lines: list[str]) -> None:
        for line in lines:
            output.say(line)


def _typed_lines(data_dir: Path) -> Iterator[str]:
    """Yield lines typed at a prompt that remembers earlier ones; ends at Ctrl-D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    history: History = FileHistory(str(data_dir / "chat-history")) if data_dir.is_dir() else InMemoryHistory()
    prompt: PromptSession[str] = PromptSession(history=history)
    while True:
        try:
            yield prompt.prompt("you> ")
        except KeyboardInterrupt:
            continue  # Ctrl-C drops the line that is being typed
        except EOFError:
            return


async def _watching_keys(ask: Callable[[CancelToken], Answer]) -> Answer:
    """Run `ask` on another thread while this one reads the keyboard; Esc or Ctrl-C cancels it."""
    from prompt_toolkit.input import create_input
    from prompt_toolkit.keys import Keys

    token = CancelToken()
    keyboard = create_input()
    loop = asyncio.get_running_loop()

    def stop_on_key(flush: bool = False) -> None:
        presses = keyboard.flush_keys() if flush else keyboard.read_keys()
        if any(press.key in (Keys.Escape, Keys.ControlC) for press in presses):
            token.cancel()
        elif not flush:
            loop.call_later(_ESCAPE_S, stop_on_key, True)

    with keyboard.raw_mode(), keyboard.attach(stop_on_key):
        return await loop.run_in_executor(None, ask, token)
