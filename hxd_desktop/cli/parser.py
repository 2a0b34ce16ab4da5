"""The command line's grammar: commands, options, and how their values are checked."""

from __future__ import annotations

import argparse
from typing import Any

from hxd_desktop import __version__
from hxd_desktop.cli import kinds

DESCRIPTION = """\
Answers questions from your own folders, offline, with sources, and says, with a score, why it refuses.

Without a command: the window; without a display: the chat in this terminal; without a terminal: the demo.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; a parsed namespace holds `command` as "module:function" inside this package."""
    parser = argparse.ArgumentParser(
        prog="hxd",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog="Exit status: 0 done (a refusal is a result), 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.",
    )
    parser.add_argument("--version", action="version", version=f"hxd {__version__}")
    _add_common(parser, data_dir=None, json=False)
    parser.set_defaults(command="bare:bare")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_index(commands)
    _add_questions(commands)
    _add_open(commands)
    _add_status(commands)
    _add_examples(commands)
    _add_calibrate(commands)
    _add_eval(commands)
    _add_models(commands)
    _add_remote(commands)
    _add_updates(commands)
    _add_demo(commands)
    _add_doctor(commands)
    _add_keeping(commands)
    return parser


def _add_common(parser: argparse.ArgumentParser, **defaults: Any) -> None:
    # SUPPRESS in a command's parser: an option that stands before the command is not set back by its default.
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        type=kinds.folder,
        default=defaults.get("data_dir", argparse.SUPPRESS),
        help="the folder that holds everything (default: HXD_DATA_DIR, else the system's place for user data)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=defaults.get("json", argparse.SUPPRESS),
        help="print one JSON object on standard output and nothing else there",
    )


def _command(group: Any, name: str, command: str | None, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = group.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    _add_common(parser)
    if command:
        parser.set_defaults(command=command)
    return parser


def _group(group: Any, name: str, summary: str) -> Any:
    parser = _command(group, name, None, summary)
    # `dest` is only there so that argparse can name what is missing.
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="subcommand")


def _add_library(parser: argparse.ArgumentParser, default: str | None = "default") -> None:
    note = " (default: default)" if default else " (default: all)"
    parser.add_argument("--library", metavar="NAME", type=kinds.text, default=default, help="the library" + note)


def _add_libraries(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--library",
        metavar="NAME",
        type=kinds.text,
        dest="libraries",
        action="append",
        help="a library to ask; may be given more than once (default: default)",
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    filters = parser.add_argument_group("filters: narrow what is searched")
    filters.add_argument("--folder", metavar="F", type=kinds.absolute, help="only documents below this folder")
    filters.add_argument("--type", metavar="T", type=kinds.file_type, help="only this type of file: pdf, docx, md ...")
    filters.add_argument(
        "--since", metavar="D", type=kinds.iso_date, help="only documents changed on or after YYYY-MM-DD"
    )
    filters.add_argument("--language", metavar="L", type=kinds.language, help="only this language: zh, en, ja ...")


def _add_index(commands: Any) -> None:
    parser = _command(commands, "index", "indexing:index", "add folders to a library and bring it up to date")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=kinds.absolute, help="a folder, or a single file")
    _add_library(parser)
    parser.add_argument("--watch", action="store_true", help="then follow changes until Ctrl-C")
    parser.add_argument(
        "--ocr",
        action=argparse.BooleanOptionalAction,
        help="whether scans in these folders are read; remembered (default: as before, yes for a new folder)",
    )


def _add_questions(commands: Any) -> None:
    parser = _command(commands, "ask", "asking:ask", "ask one question of your documents")
    parser.add_argument("question", metavar="QUESTION")
    _add_libraries(parser)
    parser.add_argument("--top-k", metavar="N", type=kinds.count, help="sources given to the answer")
    parser.add_argument("--stream", action="store_true", help="print the answer as it comes")
    parser.add_argument("--window", action="store_true", help="ask it in the window")
    _add_filters(parser)

    parser = _command(commands, "chat", "chat:chat", "a conversation in this terminal")
    _add_libraries(parser)

    parser = _command(commands, "search", "asking:search", "find passages, without an answer")
    parser.add_argument("query", metavar="QUERY")
    _add_libraries(parser)
    parser.add_argument("--limit", metavar="N", type=kinds.count, default=10, help="results at most (default: 10)")
    _add_filters(parser)


def _add_open(commands: Any) -> None:
    parser = _command(commands, "open", "window:open_targets", "open the window, or raise the one that is open")
    parser.add_argument(
        "targets", metavar="TARGET", nargs="*", help="a folder or file to add, or an hxd:// link to a passage"
    )


def _add_status(commands: Any) -> None:
    parser = _command(commands, "status", "status:status", "libraries, folders, states of files, models, device")
    _add_library(parser, default=None)


def _add_examples(commands: Any) -> None:
    group = _group(commands, "examples", "a library's good and bad questions, from which its gate learns")
    parser = _command(group, "add", "examples:add", "add one question")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--good", metavar="TEXT", help="a question that the library answers")
    kind.add_argument("--bad", metavar="TEXT", help="a question that it should refuse")
    _add_library(parser)

    parser = _command(group, "import", "examples:import_file", "add the questions of a JSON or JSONL file")
    parser.add_argument("file", metavar="FILE", type=kinds.absolute)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--good", action="store_true", help="the library answers all of them")
    kind.add_argument("--bad", action="store_true", help="it should refuse all of them")
    _add_library(parser)

    _add_library(_command(group, "list", "examples:list_all", "show them"))

    parser = _command(group, "remove", "examples:remove", "remove one")
    parser.add_argument("id", metavar="ID", type=kinds.number)
    _add_library(parser)


def _add_calibrate(commands: Any) -> None:
    parser = _command(commands, "calibrate", "judging:calibrate", "fit a library's gate to its examples")
    _add_library(parser)
    parser.add_argument(
        "--scores", action="store_true", help="let the language model score the examples first that it has not scored"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--threshold", metavar="X", type=kinds.fraction, help="set the limit by hand, 0 to 1")
    how.add_argument("--reset", action="store_true", help="return to the weights and the limit of the application")


def _add_eval(commands: Any) -> None:
    group = _group(commands, "eval", "measure on a file of questions, and compare")
    parser = _command(group, "refusal", "evaluating:refusal", "does it answer and refuse the right questions")
    parser.add_argument(
        "--questions",
        metavar="FILE",
        type=kinds.absolute,
        action="append",
        required=True,
        help="JSONL: question, answerable; several files are taken together",
    )
    parser.add_argument(
        "--calibrate",
        metavar="FILE",
        type=kinds.absolute,
        action="append",
        help="learn from this file (or these) first, for this run",
    )
    _add_library(parser)
    _add_report(parser)

    parser = _command(group, "qa", "evaluating:qa", "does it find, and say, the right answers")
    parser.add_argument(
        "--questions", metavar="FILE", type=kinds.absolute, required=True, help="JSONL: id, question, answers"
    )
    parser.add_argument(
        "--passages",
        choices=("all", "positive", "negative"),
        help="index the file's own passages of this kind into a temporary library, and ask that",
    )
    parser.add_argument("--judge", action="store_true", help="let the language model in use mark the answers as well")
    _add_library(parser)
    _add_report(parser)

    _command(group, "list", "evaluating:list_all", "show the runs that are kept")
    parser = _command(group, "show", "evaluating:show", "show one run, or make its report")
    parser.add_argument("id", metavar="ID", type=kinds.number)
    _add_report(parser)
    parser = _command(group, "compare", "evaluating:compare", "say what differs between two runs")
    parser.add_argument("a", metavar="A", type=kinds.number)
    parser.add_argument("b", metavar="B", type=kinds.number)
    parser = _command(group, "remove", "evaluating:remove", "forget a run")
    parser.add_argument("id", metavar="ID", type=kinds.number)


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report", metavar="FOLDER", type=kinds.absolute, help="write figures, pictures and every question there"
    )


def _add_models(commands: Any) -> None:
    group = _group(commands, "models", "embedder, reranker and language model")
    parser = _command(group, "list", "models:list_all", "show them")
    parser.add_argument("--available", action="store_true", help="also show what can be downloaded (asks no network)")
    parser = _command(group, "import", "models:import_path", "take in a GGUF file or a folder with an ONNX model")
    parser.add_argument("path", metavar="PATH", type=kinds.absolute)
    parser = _command(group, "download", "models:download", "fetch a model over the network")
    parser.add_argument("id", metavar="ID", help="as shown by hxd models list --available")
    parser.add_argument("--mirror", metavar="URL", type=kinds.address, help="ask this mirror of Hugging Face first")
    for name, function, summary in (
        ("remove", "remove", "remove an imported model"),
        ("use", "use", "use a model from now on; for an embedder, once its vectors are made"),
    ):
        parser = _command(group, name, f"models:{function}", summary)
        parser.add_argument("id", metavar="ID", help="as shown by hxd models list")
    parser.add_argument("--dry-run", action="store_true", help="only say what another embedder takes")
    parser.add_argument("--yes", action="store_true", help="do not ask before a long making of vectors")


def _add_remote(commands: Any) -> None:
    group = _group(commands, "remote", "a language model on another machine; off unless turned on")
    _command(group, "show", "remote:show", "show what is set (asks no network)")
    parser = _command(group, "on", "remote:on", "allow it, and say where it is")
    parser.add_argument("url", metavar="URL", help="of an OpenAI-compatible server, ending in /v1")
    parser.add_argument("model", metavar="MODEL", help="its name there")
    parser.add_argument(
        "--when",
        choices=("declined", "always"),
        help="ask it where this machine finds no answer (as set, at first: declined), or always",
    )
    for name, function, summary in (
        ("off", "off", "ask it no more"),
        ("set-key", "set_key", "keep its key in the system's keyring; asked for, or read from standard input"),
        ("forget-key", "forget_key", "take its key out of the keyring"),
        ("test", "test", "ask it for one word (uses the network)"),
    ):
        _command(group, name, f"remote:{function}", summary)


def _add_updates(commands: Any) -> None:
    group = _group(commands, "updates", "whether there is a newer version; nobody is asked unless it is switched on")
    _command(group, "show", "updates:show", "show what is set and what came of the last check (asks no network)")
    parser = _command(group, "on", "updates:on", "look for newer versions, once a day at most")
    parser.add_argument("--feed", metavar="URL", type=kinds.feed, help="where; as set before, else as built in")
    _command(group, "off", "updates:off", "look for them no more")
    _command(group, "check", "updates:check", "look now (uses the network)")


def _add_demo(commands: Any) -> None:
    parser = _command(commands, "demo", "demo:demo", "index sample documents, ask three questions, picture the window")
    parser.add_argument("--screenshot", metavar="FILE", type=kinds.absolute, help="where the picture goes")


def _add_doctor(commands: Any) -> None:
    parser = _command(commands, "doctor", "status:doctor", "check machine, data directory and models; say what to do")
    parser.add_argument("--check", action="store_true", help="also compare SQLite, full text and vectors")
    parser.add_argument("--repair", action="store_true", help="mend what --check finds, then check")


def _add_keeping(commands: Any) -> None:
    parser = _command(commands, "backup", "keeping:backup", "write the data directory into one file")
    parser.add_argument(
        "file", metavar="FILE", type=kinds.absolute, help="the archive (ZIP); one that is there is replaced"
    )
    parser.add_argument("--models", action="store_true", help="with the imported models")
    parser = _command(commands, "restore", "keeping:restore", "unpack a backup into a data directory that is empty")
    parser.add_argument("file", metavar="FILE", type=kinds.absolute, help="a file that `hxd backup` wrote")
    parser = _command(commands, "move-data", "keeping:move_data", "move the data directory to another folder")
    parser.add_argument("path", metavar="PATH", type=kinds.absolute, help="a folder that is missing or empty")
