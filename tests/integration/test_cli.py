"""Every command on a real library: keys, exit statuses, what the words promise."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.cli import main
from hxd_desktop.engine import samples
from tests.unit.cli.contract import check_keys, json_paths

COVERED = [question for question in samples.questions() if question.covered]
UNCOVERED = [question for question in samples.questions() if not question.covered]

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, a broken file, an empty one and an ignored one; and a data directory beside it."""
    root = tmp_path_factory.mktemp("cli")
    documents = root / "documents"
    shutil.copytree(samples.documents(), documents)
    (documents / "broken.docx").write_bytes(b"PK\x03\x04 this is no archive")
    (documents / "empty.md").write_text("")
    (documents / ".git").mkdir()
    (documents / ".git" / "config").write_text("[core]")
    (documents / ".git" / "HEAD").write_text("ref")
    return root


@pytest.fixture(scope="module")
def first_run(place: Path) -> dict[str, Any]:
    """What the first `hxd index` of the folder printed."""
    done = subprocess.run(
        [sys.executable, "-m", "hxd_desktop", "--data-dir", place / "data", "index", place / "documents", "--json"],
        capture_output=True,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout.decode("utf-8"))
    return report


@pytest.fixture
def hxd(place: Path, first_run: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json in this process, check its status, return the object that it printed."""

    def run(*words: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert main(["--data-dir", str(place / "data"), *words, "--json"]) == status
        printed = capsys.readouterr().out
        return json.loads(printed) if printed else None

    return run


def test_index_accounts_for_every_file(place: Path, first_run: dict[str, Any]) -> None:
    check_keys(first_run, json_paths("index"))
    files = [file for file in (place / "documents").rglob("*") if file.is_file()]
    counts = first_run["documents"]
    assert counts["indexed"] == len(list(samples.documents().rglob("*.*")))
    assert (counts["failed"], counts["empty"], counts["removed"], counts["unchanged"]) == (1, 1, 0, 0)
    assert counts["skipped"] == 2  # the ignored folder stands for both files in it
    assert sum(counts.values()) == len(files)
    assert [failure["path"] for failure in first_run["failures"]] == [str(place / "documents" / "broken.docx")]
    assert 0 < first_run["seconds_words"] <= first_run["seconds"]


def test_a_second_run_touches_nothing(place: Path, hxd: Run, first_run: dict[str, Any]) -> None:
    again = hxd("index", str(place / "documents"))
    assert again["documents"]["indexed"] == 0
    assert again["documents"]["unchanged"] == first_run["documents"]["indexed"]
    assert again["documents"]["failed"] == 1
    assert again["chunks"] == first_run["chunks"]


@pytest.mark.parametrize("sample", COVERED, ids=lambda sample: str(sample.question))
def test_covered_questions_are_answered_from_their_document(
    sample: samples.SampleQuestion, place: Path, hxd: Run
) -> None:
    answer = hxd("ask", sample.question)
    check_keys(answer, json_paths("ask"))
    assert answer["outcome"] == "answered", answer["refusal"]
    assert sample.document is not None
    assert sample.contains is not None
    assert answer["sources"][0]["document"] == str(place / "documents" / sample.document)
    assert sample.contains in answer["answer"]
    assert answer["refusal"]["score"] < answer["refusal"]["threshold"]


@pytest.mark.parametrize("sample", UNCOVERED, ids=lambda sample: str(sample.question))
def test_uncovered_questions_are_refused(sample: samples.SampleQuestion, hxd: Run) -> None:
    answer = hxd("ask", sample.question)
    assert answer["outcome"] == "unrelated"
    assert answer["refusal"]["score"] >= answer["refusal"]["threshold"]
    assert answer["refusal"]["reason"]
    assert answer["answer"] == "" or "[1]" not in answer["answer"]


def test_a_stream_ends_with_the_answer(hxd: Run, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = COVERED[0].question
    assert main(["--data-dir", str(place / "data"), "ask", question, "--stream", "--json"]) == 0
    *before, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    check_keys(last, json_paths("ask"))
    stages = [line["stage"] for line in before if "stage" in line]
    assert "retrieval" in stages
    assert stages.index("retrieval") < stages.index("gate")
    assert "".join(line["text"] for line in before if "text" in line) == last["answer"]


def test_offsets_of_a_source_are_those_of_its_document(hxd: Run, place: Path) -> None:
    source = hxd("ask", COVERED[0].question)["sources"][0]
    text = Path(source["document"]).read_text(encoding="utf-8")
    assert text[source["start"] : source["end"]] == source["text"]


def test_search(hxd: Run) -> None:
    found = hxd("search", "VPN handshake", "--limit", "3")
    check_keys(found, json_paths("search"))
    assert [result["rank"] for result in found["results"]] == [1, 2, 3]
    assert found["results"][0]["document"].endswith("vpn-and-it-guide.md")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--type", "pdf"], {"lantern-one-manual.pdf"}),
        (["--folder", "documents/product"], {file.name for file in (samples.documents() / "product").iterdir()}),
        (["--language", "en"], None),
        (["--since", "2999-01-01"], set()),
        (["--since", "2000-01-01"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_filters_narrow(
    words: list[str], names: set[str] | None, place: Path, hxd: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    results = hxd("search", "台灯 电池 lamp battery", "--limit", "30", *words)["results"]
    found = {os.path.basename(result["document"]) for result in results}
    if names is None:
        assert found
    else:
        assert found <= names
        assert bool(found) is bool(names)


def test_status(place: Path, hxd: Run, first_run: dict[str, Any]) -> None:
    status = hxd("status")
    check_keys(status, json_paths("status"))
    assert status["data_dir"] == str(place / "data")
    assert status["folders"][0]["path"] == str(place / "documents")
    assert status["states"]["indexed"] == first_run["documents"]["indexed"]
    assert status["libraries"][0]["vectors_pending"] == 0
    assert status["writer_pid"] is None
    assert hxd("status", "--library", "nope", status=1) is None


def test_examples(place: Path, hxd: Run, tmp_path: Path) -> None:
    hxd("index", str(place / "documents" / "mail"), "--library", "examples")
    added = hxd("examples", "add", "--good", "台灯保修多久？", "--library", "examples")
    check_keys(added, json_paths("examples add"))
    assert [(example["question"], example["answerable"]) for example in added["examples"]] == [("台灯保修多久？", True)]
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(["明天下雨吗？", "who won the world cup"]), encoding="utf-8")
    imported = hxd("examples", "import", str(file), "--bad", "--library", "examples")
    check_keys(imported, json_paths("examples import"))
    listed = hxd("examples", "list", "--library", "examples")
    check_keys(listed, json_paths("examples list"))
    assert [example["answerable"] for example in listed["examples"]].count(False) == 2
    left = hxd("examples", "remove", str(added["examples"][0]["id"]), "--library", "examples")
    check_keys(left, json_paths("examples remove"))
    assert {example["question"] for example in left["examples"]} == {"明天下雨吗？", "who won the world cup"}
    assert hxd("examples", "remove", "123456", "--library", "examples", status=1) is None


def test_calibrate(hxd: Run) -> None:
    for sample in samples.questions():
        hxd("examples", "add", "--good" if sample.covered else "--bad", sample.question)
    fitted = hxd("calibrate")
    check_keys(fitted, json_paths("calibrate"))
    assert (fitted["n_good"], fitted["n_bad"]) == (len(COVERED), len(UNCOVERED))
    assert hxd("calibrate", "--threshold", "0.25")["threshold"] == 0.25
    assert hxd("ask", COVERED[0].question)["refusal"]["threshold"] == 0.25
    reset = hxd("calibrate", "--reset")
    assert reset["threshold"] != 0.25
    for example in hxd("examples", "list")["examples"]:
        hxd("examples", "remove", str(example["id"]))


def test_eval_refusal(hxd: Run, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines = [json.dumps({"question": s.question, "answerable": s.covered}) for s in samples.questions()]
    file.write_text("\n".join(lines), encoding="utf-8")
    figures = hxd("eval", "refusal", "--questions", str(file))
    check_keys(figures, json_paths("eval refusal"))
    assert figures["n"] == len(lines)
    assert 0.0 <= figures["f1"] <= figures["best_f1"] <= 1.0
    hxd("eval", "refusal", "--questions", str(file), "--calibrate", str(file))
    assert hxd("examples", "list")["examples"] == []
    assert hxd("eval", "refusal", "--questions", str(tmp_path / "nothing.jsonl"), status=1) is None


def test_eval_qa(hxd: Run, tmp_path: Path) -> None:
    file = tmp_path / "qa.jsonl"
    rows = [
        {
            "id": str(number),
            "question": sample.question,
            "answers": [[sample.contains]],
            "positive": [f"{sample.question} {sample.contains}"],
            "negative": ["The weather was fine."],
        }
        for number, sample in enumerate(COVERED)
    ]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    figures = hxd("eval", "qa", "--questions", str(file))
    check_keys(figures, json_paths("eval qa"))
    assert figures["hit@10"] == 1.0
    assert figures["answered"] + figures["refused"] == pytest.approx(1.0)
    negative = hxd("eval", "qa", "--questions", str(file), "--passages", "negative")
    assert negative["hit@10"] == 0.0
    assert len(hxd("status")["libraries"]) <= 2  # nothing of the temporary library stays


def test_models(hxd: Run) -> None:
    models = hxd("models", "list", "--available")
    check_keys(models, json_paths("models list"))
    assert hxd("models", "list") == models | {"available": []}
    assert {"builtin", "extractive"} <= {model["id"] for model in models["models"]}
    used = hxd("models", "use", "extractive")
    check_keys(used, json_paths("models use"))
    assert hxd("models", "use", "no-such-model", status=1) is None
    assert hxd("models", "remove", "builtin", status=1) is None
    assert hxd("models", "import", "/no/such/model.gguf", status=1) is None


def test_doctor_finds_nothing_wrong(hxd: Run) -> None:
    report = hxd("doctor", "--check")
    check_keys(report, json_paths("doctor"))
    assert {"machine", "SQLite", "data directory", "folders", "models", "database", "window"} <= {
        check["name"] for check in report["checks"]
    }


def test_a_missing_folder_fails_and_an_unknown_library_too(hxd: Run) -> None:
    assert hxd("index", "/no/such/folder", status=1) is None
    assert hxd("ask", "q", "--library", "no-such-library", status=1) is None


def test_an_empty_data_directory_has_no_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(tmp_path / "new"), "ask", "VPN?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "no_documents"


@pytest.fixture
def writer(place: Path, first_run: dict[str, Any]) -> Iterator[int]:
    """Another process that writes in the data directory; its id."""
    code = (
        "import sys; from hxd_desktop.engine.assistant import Assistant\n"
        "assistant = Assistant.open(sys.argv[1]); print('open', flush=True); sys.stdin.read(); assistant.close()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(place / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == b"open"
        yield process.pid
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def test_beside_a_writer_reading_works_and_writing_names_it(
    writer: int, place: Path, hxd: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hxd("status")["writer_pid"] == writer
    assert hxd("ask", COVERED[0].question)["outcome"] == "answered"
    assert hxd("search", "VPN")["results"]
    for words in (["index", str(place / "documents")], ["examples", "add", "--good", "q"], ["calibrate"]):
        assert main(["--data-dir", str(place / "data"), *words, "--json"]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert str(writer) in printed.err


def test_asking_loads_no_heavy_library(place: Path, first_run: dict[str, Any]) -> None:
    code = (
        "import sys; from hxd_desktop.cli import main\n"
        f"assert main(['--data-dir', {str(place / 'data')!r}, 'ask', 'VPN handshake?', '--json']) == 0\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    heavy = {
        "PySide6",
        "fastembed",
        "llama_cpp",
        "onnxruntime",
        "prompt_toolkit",
        "pymupdf",
        "sqlite_utils",
        "watchdog",
    }
    assert not heavy & set(done.stderr.split())


def test_output_is_utf8_whatever_the_locale(place: Path, first_run: dict[str, Any]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hxd_desktop", "--data-dir", place / "data", "search", "住宿费"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )
    assert "差旅与报销制度.md" in done.stdout.decode("utf-8")
