"""A language model's speed, what it reads again, and how fast it falls silent; prints Markdown.

    .venv/bin/python benchmarks/generation.py [--model GGUF] [--cancels 50] [--gpu-layers N]

Without a model a GGUF with random weights in the shape of InternLM2-chat-1.8B (Q4_0) is made by
`../shared/tools/make_internlm2_gguf.py`. Random weights are as fast as trained ones. Where `llama-bench` is on the
path, its figures stand beside.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from hxd_desktop.engine.answering.dialogue import Dialogues
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.prompting import Prompter
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.generation_run import LlamaOptions
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.settings import AnswerSettings

MAKER = Path(__file__).resolve().parents[2] / "shared" / "tools" / "make_internlm2_gguf.py"
WORDS = "the document says that the answer is on this page of the file "
TOKENS = 48


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--cancels", type=int, default=50)
    parser.add_argument("--gpu-layers", type=int, default=-1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.model or made(Path(folder))
        generator = LlamaGenerator("model", LlamaOptions(str(path), gpu_layers=arguments.gpu_layers))
        try:
            print(f"{datetime.datetime.now().astimezone().date()}, {path.name}, {path.stat().st_size / 1e9:.2f} GB\n")
            rows = [*speeds(generator), *overhead(generator, path), *prefixes(generator)]
            rows += cancels(generator, arguments.cancels)
            rows += cancels_while_loading(generator)
        finally:
            generator.close()
        rows += reference(path)
    print("| what | measured |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")


def made(folder: Path) -> Path:
    """A GGUF in the shape of InternLM2-chat-1.8B."""
    if not MAKER.exists():
        sys.exit(f"No model: give --model, or put the maker of models at {MAKER}.")
    path = folder / "internlm2-1.8b-shape.Q4_0.gguf"
    command = [sys.executable, str(MAKER), str(path), "--size", "1.8b", "--quant", "Q4_0"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return path


def said(generator: LlamaGenerator, text: str, tokens: int = TOKENS) -> None:
    """Take one reply to its end."""
    for _ in generator.stream([ChatMessage("user", text)], max_tokens=tokens, cancel=CancelToken()):
        pass


def speeds(generator: LlamaGenerator) -> list[tuple[str, str]]:
    """Loading, reading a prompt of about 1,000 tokens, writing."""
    begun = time.perf_counter()
    info = generator.info()
    loading = time.perf_counter() - begun
    said(generator, WORDS * 70)
    record = generator.record()
    return [
        ("device", f"{info.device} {record['device_name']}, {info.gpu_layers}/{info.layers} layers on the card"),
        ("loading", f"{loading:.1f} s"),
        ("memory", f"{record['memory_bytes'] / 1e9:.2f} GB (estimate: {record['host_bytes'] / 1e9:.2f} GB)"),
        ("prompt", f"{record['prompt_tokens']} tokens, {record['prompt_tokens_per_s']} tokens/s"),
        ("first token after", f"{record['first_token_ms'] / 1000:.1f} s"),
        ("decoding", f"{record['tokens_per_s']} tokens/s"),
    ]


def overhead(generator: LlamaGenerator, path: Path) -> list[tuple[str, str]]:
    """Milliseconds a token on top of llama_decode: at the reader of the stream, and beside a bare loop."""
    ours: list[float] = []
    inside: list[float] = []
    for _ in range(3):
        pieces = generator.stream([ChatMessage("user", WORDS)], max_tokens=TOKENS, cancel=CancelToken())
        arrivals = [time.perf_counter() for _ in pieces]
        run = generator.last_run
        assert run is not None
        ours.append((arrivals[-1] - arrivals[0]) * 1000 / (run.tokens - 1))
        inside.append(run.inside_ms / (run.tokens - 1))
    bare = bare_loop(path)
    return [
        ("a token, at the reader of the stream", f"{statistics.median(ours):.1f} ms"),
        ("of it in llama_decode, the same tokens", f"{statistics.median(inside):.1f} ms"),
        (
            "on top of llama_decode",
            f"{statistics.median(a - b for a, b in zip(ours, inside, strict=True)):.2f} ms a token",
        ),
        ("a token in a bare loop of llama_decode, another process", f"{bare:.1f} ms"),
    ]


def bare_loop(path: Path) -> float:
    """Milliseconds that llama_decode takes for a token, in a process of its own with nothing around it."""
    script = f"""
import ctypes, time, llama_cpp as api
from hxd_desktop.engine.models.hardware import physical_cores
quiet = api.llama_log_callback(lambda *_: None)
api.llama_log_set(quiet, ctypes.c_void_p(0))
model = api.llama_model_load_from_file({str(path)!r}.encode(), api.llama_model_default_params())
wanted = api.llama_context_default_params()
wanted.n_ctx, wanted.n_batch, wanted.n_ubatch = 4096, 64, 64
wanted.n_threads = wanted.n_threads_batch = physical_cores()
context = api.llama_init_from_model(model, wanted)
took = []
for place in range({TOKENS}):
    batch = api.llama_batch_get_one((api.llama_token * 1)(5 + place), 1)
    begun = time.perf_counter()
    api.llama_decode(context, batch)
    api.llama_get_logits(context)
    took.append(time.perf_counter() - begun)
print(sorted(took)[len(took) // 2] * 1000)
"""
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}  # as the worker process has it
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    return float(result.stdout)


def source(number: int) -> Source:
    """A passage of about 150 tokens."""
    text = f"document {number}: " + WORDS * 9
    return Source(number, "default", f"/{number}.md", None, "", 0, len(text), text)


def prefixes(generator: LlamaGenerator) -> list[tuple[str, str]]:
    """Tokens that are evaluated in the turns of a conversation."""
    dialogues, history = Dialogues(), list[tuple[str, str]]()
    rows = []
    sources = [source(n) for n in range(1, 6)]
    turns = (("first turn", sources), ("the same sources", sources), ("two new sources", [source(8), source(9)]))
    for name, chosen in turns:
        question = prepare(f"What is the answer on the page of {name}?")
        prompter = Prompter(generator, AnswerSettings(max_answer_tokens=64), {}, dialogues)
        prompt = prompter.prompt(question, chosen, history, {})
        reply = "".join(generator.stream(prompt.messages, max_tokens=16, cancel=CancelToken()))
        run = generator.last_run
        assert run is not None
        new = generator.count_tokens(prompt.messages[-1].content)
        asked = generator.count_tokens(question.text)
        evaluated = run.prompt_tokens - run.reused_tokens
        figures = f"{evaluated} of {run.prompt_tokens} tokens evaluated"
        rows.append((f"conversation, {name}", f"{figures} (sources {new - asked} as they are sent, question {asked})"))
        dialogues.keep(prompt.dialogue(history, question.text, ChatMessage("assistant", reply), "en"))
        history.append((question.text, reply))
    return rows


def cancels(generator: LlamaGenerator, times: int) -> list[tuple[str, str]]:
    """From the wish to stop until nothing more can come, half of them while the prompt is evaluated."""
    silences: dict[bool, list[float]] = {True: [], False: []}
    restarts = 0
    for number in range(times):
        reading = number % 2 == 0
        cancel = CancelToken()
        asked: list[float] = []
        text = f"{number} " + (WORDS * 60 if reading else WORDS)

        def stop(cancel: CancelToken = cancel, asked: list[float] = asked) -> None:
            asked.append(time.perf_counter())
            cancel.cancel()

        generator.info()
        pid = generator._worker.pid
        timer = threading.Timer(0.5 + number % 7 / 10, stop)
        pieces = generator.stream([ChatMessage("user", text)], max_tokens=400, cancel=cancel)
        if not reading:
            next(pieces)
        timer.start()
        try:
            for _ in pieces:
                pass
        except Cancelled:
            silences[reading].append((time.perf_counter() - asked[0]) * 1000)
        timer.join()
        restarts += generator._worker.pid != pid
    both = silences[True] + silences[False]
    named = (("cancel to silence", both), ("in prompt evaluation", silences[True]), ("in decoding", silences[False]))
    rows = []
    for name, found in named:
        figures = f"p50 {quantile(found, 0.5):.0f}, p95 {quantile(found, 0.95):.0f}, most {max(found):.0f} ms"
        rows.append((name, f"{figures} ({len(found)} times)"))
    return [*rows, ("processes that had to be ended for it", str(restarts))]


def cancels_while_loading(generator: LlamaGenerator, times: int = 12) -> list[tuple[str, str]]:
    """The same from a process that has just been started, at different moments of its loading."""
    silences = []
    for number in range(times):
        generator.close()
        cancel = CancelToken()
        asked: list[float] = []

        def stop(cancel: CancelToken = cancel, asked: list[float] = asked) -> None:
            asked.append(time.perf_counter())
            cancel.cancel()

        timer = threading.Timer(0.1 + number / 5, stop)
        timer.start()
        try:
            for _ in generator.stream([ChatMessage("user", WORDS * 60)], max_tokens=5, cancel=cancel):
                pass
        except Cancelled:
            silences.append((time.perf_counter() - asked[0]) * 1000)
        timer.join()
    return [("while the model is loaded", f"most {max(silences):.0f} ms ({len(silences)} times)")]


def quantile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def reference(path: Path) -> list[tuple[str, str]]:
    """The figures of llama.cpp's own benchmark, where it is installed."""
    program = shutil.which("llama-bench")
    if program is None:
        return [("llama-bench", "not installed here")]
    from hxd_desktop.engine.models.hardware import physical_cores

    threads = str(physical_cores())
    command = [program, "-m", str(path), "-p", "512", "-n", "32", "-t", threads, "-r", "2", "-o", "csv"]
    result: Any = subprocess.run(command, check=True, capture_output=True, text=True)
    header, *lines = result.stdout.strip().splitlines()
    place = header.split(",").index("avg_ts")
    return [(f"llama-bench, test {n}", line.split(",")[place] + " tokens/s") for n, line in enumerate(lines)]


if __name__ == "__main__":
    main()
