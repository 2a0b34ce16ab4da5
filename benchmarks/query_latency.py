"""How long a question takes: inside the process, and with `hxd ask` from a cold start.

    python benchmarks/query_latency.py FOLDER [--questions FILE.jsonl] [--data-dir DIR] [--starts 10]

FOLDER is indexed first (into DIR where given, which is kept and used again). Each line of the questions' file is an
object with "question"; without a file, sentences of the documents themselves are asked.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import HXD, machine, summary

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.text.sentences import sentences


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--questions", type=Path)
    arguments.add_argument("--count", type=int, default=500)
    arguments.add_argument("--starts", type=int, default=10)
    arguments.add_argument("--data-dir", type=Path)
    options = arguments.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        data = options.data_dir or Path(place)
        command = [*HXD, "--data-dir", str(data), "index", str(options.folder), "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        questions = in_process(data, options.questions, options.count)
        cold(data, questions[: options.starts])


def in_process(data: Path, file: Path | None, count: int) -> list[str]:
    assistant = Assistant.open(data, writable=False)
    try:
        [library] = assistant.libraries()
        print(f"library: {library.documents} documents, {library.chunks} passages")
        questions = from_file(file) if file is not None else from_documents(assistant)
        random.Random(1).shuffle(questions)
        questions = questions[:count]
        for question in questions[:20]:  # the first ones load what later ones find loaded
            assistant.ask(question)
        asked, computed, searched, stages = [], [], [], dict[str, list[float]]()
        for question in questions:
            started, cpu_started = time.perf_counter(), time.process_time()
            answer = assistant.ask(question)
            asked.append((time.perf_counter() - started) * 1000)
            computed.append((time.process_time() - cpu_started) * 1000)
            for stage in answer.trace:
                stages.setdefault(stage.stage, []).append(stage.ms)
            started = time.perf_counter()
            assistant.search(question)
            searched.append((time.perf_counter() - started) * 1000)
        print(f"  ask     {summary(asked)}")
        print(f"  ask, processor time alone {summary(computed)}")
        for stage, values in stages.items():
            print(f"    {stage:12} {summary(values)}")
        print(f"  search  {summary(searched)}")
        return questions
    finally:
        assistant.close()


def cold(data: Path, questions: list[str]) -> None:
    taken = []
    for question in questions:
        started = time.perf_counter()
        command = [*HXD, "--data-dir", str(data), "ask", question, "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - started)
    print(f"  hxd ask, process and all  {summary(taken, 's', 2)}")


def from_file(file: Path) -> list[str]:
    with open(file, encoding="utf-8") as stream:
        return [json.loads(line)["question"] for line in stream if line.strip()]


def from_documents(assistant: Assistant, count: int = 500) -> list[str]:
    chosen = random.Random(2)
    documents = assistant.documents("default", state=DocumentState.INDEXED)
    questions = []
    for document in chosen.sample(documents, min(count, len(documents))):
        text = assistant.document_text("default", document.path)
        spans = [span for span in sentences(text) if 12 <= span[1] - span[0] <= 120]
        if spans:
            start, end = chosen.choice(spans)
            questions.append(f"{text[start:end].strip()}?")
    return questions


if __name__ == "__main__":
    main()
