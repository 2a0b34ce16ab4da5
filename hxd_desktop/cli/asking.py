"""`hxd ask` and `hxd search`."""

from __future__ import annotations

import argparse

from hxd_desktop.cli import answers, output
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import libraries, opened
from hxd_desktop.engine.answering.model import Answer, Filters, Outcome


def ask(arguments: argparse.Namespace) -> int:
    """Take one question through the pipeline and print the answer or the refusal."""
    if arguments.window:
        return _ask_in_window(arguments)
    with opened(arguments, writable=False) as assistant, Interrupt() as interrupt:
        stream = _Stream(as_json=arguments.json) if arguments.stream else None
        answer = interrupt.run(
            lambda token: assistant.ask(
                arguments.question,
                libraries(arguments),
                top_k=arguments.top_k,
                filters=_filters(arguments),
                on_stage=stream.on_stage if stream else None,
                on_text=stream.on_text if stream else None,
                cancel=token,
            )
        )
    if arguments.json:
        from hxd_desktop.engine.answering.record import to_dict

        output.emit(to_dict(answer))
    else:
        streamed = stream is not None and stream.finish()
        for line in answers.answer_lines(answer, body=not streamed):
            output.say(line)
    return exit_status(answer, interrupt)


def search(arguments: argparse.Namespace) -> int:
    """Print the passages that retrieval finds, best first."""
    with opened(arguments, writable=False) as assistant:
        found = assistant.search(
            arguments.query, libraries(arguments), limit=arguments.limit, filters=_filters(arguments)
        )
    if arguments.json:
        from hxd_desktop.engine.answering.record import search_result

        output.emit({"results": [search_result(source) for source in found]})
    elif not found:
        output.say("Nothing was found.")
    else:
        for line in answers.source_lines(found):
            output.say(line)
    return 0


def exit_status(answer: Answer, interrupt: Interrupt) -> int:
    """Return the exit status of an answer: a refusal is a result; a failure says why on standard error."""
    if answer.outcome is Outcome.CANCELLED:
        return interrupt.status
    if answer.outcome is Outcome.FAILED:
        output.note(failure(answer))
        return 1
    return 0


def failure(answer: Answer) -> str:
    """Return one line on the stage that failed: what happened and what to do."""
    for stage in answer.trace:
        if stage.verdict == "fail":
            title, message, remedy = (str(stage.detail.get(part, "")) for part in ("title", "message", "remedy"))
            return output.failure_text(title, message, remedy)
    return output.failure_text("The question failed", answer.refusal.reason or "", "Run hxd doctor.")


class _Stream:
    """Prints stages and pieces of an answer as they come: JSON lines, or text with the stages on standard error."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._wrote = False

    def on_stage(self, stage: str) -> None:
        if self._json:
            output.emit({"stage": stage})
        else:
            output.note(f"{stage} ...")

    def on_text(self, piece: str) -> None:
        if self._json:
            output.emit({"text": piece})
        else:
            from hxd_desktop.cli.text import clean

            output.write(clean(piece), flush=True)
            self._wrote = True

    def finish(self) -> bool:
        """End the streamed text; return whether there was any."""
        if self._wrote:
            output.say("\n")
        return self._wrote


def _filters(arguments: argparse.Namespace) -> Filters | None:
    filters = Filters(folder=arguments.folder, type=arguments.type, since=arguments.since, language=arguments.language)
    return None if filters == Filters() else filters


def _ask_in_window(arguments: argparse.Namespace) -> int:
    if arguments.json or arguments.stream:
        raise output.UsageError("--window shows the answer in the window; leave out --json and --stream.")
    from hxd_desktop.cli.window import open_window

    return open_window(arguments, question=arguments.question)
