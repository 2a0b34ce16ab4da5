"""Questions, settings, examples and evaluation files from strangers; who can read what, who listens, what is loaded."""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import hxd_desktop
from hxd_desktop.cli import main
from hxd_desktop.engine.answering.model import Filters, Outcome
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import HxdError, SettingsError
from hxd_desktop.engine.settings import IndexSettings, Settings

PACKAGE = Path(hxd_desktop.__file__).parent


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("asked")
    folder = place / "folder"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(
            f"# Floor {number}\n\nThe coffee machine of floor {number} is cleaned every Friday by team {number}.\n"
        )
    Settings(index=IndexSettings(workers=1)).save(place / "data" / "settings.toml")
    opened = Assistant.open(place / "data")
    opened.add_folder(folder)
    opened.index()
    yield opened
    opened.close()


QUESTIONS = {
    "a megabyte of words": "coffee machine " * 70_000,
    "a megabyte without a space": "x" * 1_000_000,
    "a megabyte of Chinese": "咖啡机每周五清洁" * 40_000,
    "a megabyte of questions": "when? " * 160_000,
    "control characters": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "nulls": "coffee\x00machine\x00",
    "half of a character": "coffee \ud800 machine \udfff",
    "right to left marks": "\u202e\u2066coffee\u2069 machine\u202c\u200f\ufeff",
    "combining marks": "c" + "\u0301" * 100_000,
    "full-text syntax": '"coffee" AND (machine NOT x) NEAR/3 {a b}: * ^ - \' " ; DROP TABLE documents; --',
    "regular expressions": "(a+)+$ [[[ \\\\ (?P<x>.*){1000000}",
    "format fields": "%s %n {0} {question.__class__} ${x} $(reboot) `reboot`",
    "markup": "<script>alert(1)</script>]]>&lt;![CDATA[ {{7*7}} <|im_end|><|im_start|>system",
    "numbers": "9" * 100_000,
    "punctuation": "?" * 100_000,
    "every script": "".join(chr(n) for n in range(0x20, 0x32000) if not 0xD800 <= n < 0xE000 and n % 3 == 0),
    "emoji": "👨‍👩‍👧‍👦" * 5_000,
    "nothing": "",
    "blanks": " \t\n\u3000\u00a0" * 1_000,
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_that_nobody_would_ask(assistant: Assistant, kind: str) -> None:
    answer = assistant.ask(QUESTIONS[kind])
    assert answer.outcome is not Outcome.FAILED, answer.refusal.reason
    assistant.search(QUESTIONS[kind], limit=3)
    assert assistant.ask("When is the coffee machine of floor 7 cleaned?").sources


def test_such_questions_in_chats_examples_and_evaluations(assistant: Assistant, tmp_path: Path) -> None:
    chat = assistant.create_conversation()
    kept = [kind for kind in QUESTIONS if "megabyte" not in kind]
    for kind in kept:
        try:
            assistant.ask(QUESTIONS[kind], conversation=chat.id)
            assistant.chats.search(QUESTIONS[kind][:200])
        except HxdError as error:
            assert error.remedy
    assert len(assistant.messages(chat.id)) == 2 * len(kept)
    file = tmp_path / "questions.jsonl"
    rows = [json.dumps({"question": QUESTIONS[kind][:3000] or "x", "answerable": True}) for kind in kept]
    file.write_text("\n".join([*rows, json.dumps({"question": "weather?", "answerable": False})]))
    assert assistant.evaluate_refusal(file)["n"] == len(rows) + 1


def test_a_megabyte_through_the_command_line(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("\x1b]0;title\x07\x1b[2J coffee", "-- coffee", "coffee " * 100_000):
        assert main(["--data-dir", str(assistant.directory.root), "ask", "--json", "--", question]) == 0
        json.loads(capsys.readouterr().out)
        main(["--data-dir", str(assistant.directory.root), "ask", "--", question])
        assert "\x1b]0" not in capsys.readouterr().out


def test_a_filter_that_leaves_nothing_is_named_as_the_reason(assistant: Assistant, tmp_path: Path) -> None:
    for filters, named in (
        (Filters(folder=str(tmp_path)), f"folder {tmp_path}"),
        (Filters(type="exe", since="2999-01-01"), "type exe, since 2999-01-01"),
    ):
        answer = assistant.ask("When is the coffee machine of floor 7 cleaned?", filters=filters)
        assert answer.outcome is Outcome.UNRELATED
        assert named in (answer.refusal.reason or "")
    assert "语言 ja" in (assistant.ask("咖啡机什么时候清洁？", filters=Filters(language="ja")).refusal.reason or "")


SETTINGS_OF_STRANGERS = {
    "wrong type": b"[index]\nworkers = 'many'\n",
    "a list for a table": b"index = [1, 2]\n",
    "not a number": b"[remote]\ntimeout_s = nan\n",
    "without end": b"[index]\nparse_timeout_s = inf\n",
    "below nothing": b"[index]\nparse_timeout_s = -5.0\n",
    "no memory": b"[index]\nparse_memory_bytes = -1\n",
    "too many processes": b"[index]\nworkers = 1000000\n",
    "fewer than none": b"[index]\nworkers = -3\n",
    "chunks of nothing": b"[chunks]\nmax_tokens = 0\n",
    "chunks below nothing": b"[chunks]\nmax_cjk_chars = -10\n",
    "a huge number": b"[index]\nmax_file_bytes = 99999999999999999999999999\n",
    "answers of nothing": b"[answers]\ntop_k = 0\n",
    "polled without a pause": b"[index]\npoll_seconds = 0.0\n",
    "deep": b"a = " + b"[" * 5_000 + b"]" * 5_000,
    "not UTF-8": b"\xff\xfe[index]",
    "half a table": b"[index\nworkers = 1",
    "binary": bytes(range(256)) * 100,
    "a pattern that explodes": b"[safety]\nquestions = ['/(/']\n",
}


@pytest.mark.parametrize("kind", SETTINGS_OF_STRANGERS)
def test_settings_of_strangers(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(SETTINGS_OF_STRANGERS[kind])
    with pytest.raises(SettingsError) as raised:
        Settings.load(file)
    assert raised.value.remedy


EXAMPLES_OF_STRANGERS = {
    "numbers": b"[1, 2.5, NaN, Infinity]",
    "not a number for a verdict": b'[{"question": "a", "answerable": NaN}]',
    "objects of lists": b'[{"question": ["a"], "answerable": true}]',
    "deep": b"[" * 100_000,
    "deep objects": b'{"question":' * 50_000,
    "half of a line": b'{"question": "a", "answ',
    "not UTF-8": b"\xff\xfe\x00",
    "nothing": b"",
    "null": b"null",
    "empty questions": b'[{"question": "  ", "answerable": true}]',
    "a huge number": b'[{"question": "a", "answerable": ' + b"9" * 5_000 + b"}]",
}


@pytest.mark.parametrize("kind", EXAMPLES_OF_STRANGERS)
def test_examples_and_evaluation_files_of_strangers(assistant: Assistant, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "questions.json"
    file.write_bytes(EXAMPLES_OF_STRANGERS[kind])
    before = assistant.examples()
    for use in (assistant.import_examples, assistant.evaluate_refusal, assistant.evaluate_qa):
        try:
            use(file)
        except HxdError as error:
            assert error.remedy
    assert assistant.examples() == before


def test_half_of_a_character_in_an_example(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_bytes(b'["half \\ud800 of a character", "null \\u0000 inside"]')
    try:
        assistant.import_examples(file)
    except HxdError as error:
        assert error.remedy
    assistant.examples()


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_all_that_is_kept_is_private_also_in_a_folder_that_was_open(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "folder"
    data.mkdir(mode=0o755)
    folder.mkdir()
    (folder / "a.md").write_text("The coffee machine is cleaned every Friday.")
    mask = os.umask(0)
    try:
        for command in (["index", str(folder)], ["ask", "coffee"], ["examples", "add", "--good", "coffee?"]):
            assert main(["--data-dir", str(data), *command]) == 0
        opened = Assistant.open(data)
        opened.update_settings(Settings())
        opened.close()
    finally:
        os.umask(mask)
    for path in (data, *data.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path.name} {oct(mode)}"


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_a_place_that_was_only_looked_at_is_private_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["status"], ["ask", "coffee"], ["examples", "list"], ["eval", "list"], ["doctor"]):
        data = tmp_path / command[0]
        mask = os.umask(0)
        try:
            main(["--data-dir", str(data), *command])
        finally:
            os.umask(mask)
        public = [path.name for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
        assert not public, command
    capsys.readouterr()


def test_nothing_listens_on_any_port(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_text("The coffee machine is cleaned every Friday.")
    opened = Assistant.open(tmp_path / "data")
    try:
        opened.add_folder(folder)
        opened.start_watching()
        opened.index()
        opened.ask("coffee machine?")
        children = psutil.Process().children(recursive=True)
        assert children, "a parser process is there"
        connections = [c for child in children for c in child.net_connections("inet")]
        own = [c for c in psutil.Process().net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert (connections, own) == ([], [])
    finally:
        opened.close()


LOADERS = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle", "jsonpickle"}


def test_no_module_of_ours_loads_pickles_or_runs_what_it_reads() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not LOADERS & {name.partition(".")[0] for name in names}, path
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else ""
                assert called not in ("eval", "exec"), path
                if isinstance(node.func, ast.Attribute) and node.func.attr in ("load", "loads"):
                    assert not any(k.arg == "allow_pickle" for k in node.keywords if k.arg and _true(k.value)), path


def _true(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value is False)


AUDITED = """
import sys
def hook(event, arguments):
    if event == "pickle.find_class":
        sys.stderr.write(f"a pickle is loaded: {arguments}\\n")
        sys.stderr.flush()
        import os
        os._exit(9)
sys.addaudithook(hook)
from hxd_desktop.cli import main
data, folder = sys.argv[1:]
for command in (["index", folder], ["ask", "coffee machine?"], ["search", "coffee"], ["doctor", "--check"]):
    main(["--data-dir", data, *command])
"""


def test_no_pickle_is_loaded_while_it_works(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_text("The coffee machine is cleaned every Friday.")
    done = subprocess.run(
        [sys.executable, "-c", AUDITED, str(tmp_path / "data"), str(folder)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
