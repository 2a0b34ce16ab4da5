"""Fit the default gate and write assets/gate/default.json.

    python benchmarks/fit_gate.py EVAL_FOLDER [--work FOLDER] [--measure NAME=QUESTIONS.jsonl=DOCUMENTS ...]

EVAL_FOLDER holds `rgb/*.jsonl` (RGB's test beds), `crud/questions.jsonl` and `crud/documents.jsonl.xz` (CRUD-RAG).
From them, and from the two lists in `benchmarks/data`, labelled questions are made:

- covered: questions over a library that holds their passages; the same inside a chatty message;
- uncovered: questions over a library of another domain; over passages that only look relevant; everyday questions
  and pure chatter over any library.

Libraries range from ten chunks to a hundred thousand, so that the signals are learnt to mean the same in all. With
--documents FOLDER headings of those documents and pieces of their sentences, put into everyday forms of asking, are
covered questions as well; asked inside chatty messages alone, since people rarely quote a heading.
Questions given by --measure are never fitted to: they show how the gate carries over.
"""

from __future__ import annotations

import argparse
import datetime
import json
import lzma
import random
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from hxd_desktop.engine.answering.calibration import precision_recall_f1
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.signals import SIGNALS, signals
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation import metrics
from hxd_desktop.engine.evaluation.datasets import AnsweredQuestion, load_answered, load_labelled, passages_of
from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.text.sentences import sentences

if TYPE_CHECKING:
    from hxd_desktop.engine.library.reader import LibraryReader, StoredChunk

DATA = Path(__file__).parent / "data"
HAN = re.compile("[\u4e00-\u9fff]")
# More of these never makes a question less covered; the rest may go either way.
RISING = (
    *("coverage", "window", "sentences", "answer", "answers", "exact", "complete", "focus", "bm25", "support"),
    *("breadth", "confidence", "agreement", "agreement_share", "document", "heading", "phrase", "familiar"),
    *("familiar_sum", "specific", "specific_sum", "dense"),
)
FALLING = ("foreign",)
# Documents written before cannot hold the present; too rare in the data to be learnt, so set: log-odds of "covered".
OFFSETS = {"live": -1.5}
# Passages that only look relevant are the hardest to tell and the fewest. Of the news the hidden passage is often told
# by another one in other words, so that its negatives count little.
EMPHASIS = (
    ("^news negative$", 0.2),
    ("^zh_refine negative$", 5.0),
    ("^zh_refine all$", 3.2),
    ("^news$", 1.4),
    ("^en_fact negative$", 2.0),
    (" (negative|all)$", 1.5),
    ("^(everyday|chatter) in manual", 2.0),
    ("^tiny", 0.5),  # there are many of them
)
COVERED = 0.8
LEFT_OUT = ("dense", "rerank", "bridge", "run", "live")  # not seen in the data, or said by others
NAMES = tuple(name for name in SIGNALS if name not in LEFT_OUT)
THRESHOLD = 0.47
EVIDENT = 5
TEMPLATES_ZH = ("{}", "请问{}怎么弄", "{}是什么", "{}怎么做？", "如何{}", "{}报错了怎么办", "{}支持吗", "想问下{}")
TEMPLATES_EN = (
    "{}",
    "how to {}",
    "what is {}",
    "请问{}支持吗",
    "how do I use {}?",
    "{} 报错怎么解决",
    "why does {} fail",
)


@dataclass(frozen=True)
class Row:
    """A question asked of a library."""

    group: str
    question: str
    covered: bool
    signals: dict[str, float]
    item: str = ""  # the question without chatter: what must not stand on both sides of a cross-validation


class Without:
    """A library's reader that does not find the passages which hold an answer."""

    def __init__(self, reader: LibraryReader, item: AnsweredQuestion) -> None:
        self._reader = reader
        self._item = item

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)

    def chunks(self, ids: Sequence[int]) -> dict[int, StoredChunk]:
        return {i: chunk for i, chunk in self._reader.chunks(ids).items() if not self._item.held_by(chunk.text)}


class Libraries:
    """Libraries in a work folder, made once."""

    def __init__(self, work: Path) -> None:
        self.work = work

    def of_folder(self, name: str, folder: Path) -> Path:
        data_dir = self.work / name
        if not (data_dir / "done").exists():
            assistant = Assistant.open(data_dir)
            try:
                assistant.add_folder(folder)
                assistant.index()
            finally:
                assistant.close()
            (data_dir / "done").touch()
        return data_dir

    def of_texts(self, name: str, texts: Iterable[str]) -> Path:
        folder = self.work / "documents" / name
        if not folder.exists():
            for number, text in enumerate(texts):
                part = folder / f"{number // 1000:03d}"
                part.mkdir(parents=True, exist_ok=True)
                (part / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        return self.of_folder(name, folder)

    def ask(
        self,
        group: str,
        data_dir: Path,
        questions: Sequence[str],
        covered: bool | Sequence[bool],
        items: Sequence[str] | None = None,
    ) -> list[Row]:
        labels = [covered] * len(questions) if isinstance(covered, bool) else list(covered)
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            rows = []
            for question, label, item in zip(questions, labels, items or questions, strict=True):
                scored = scorer.score(question, retrieve_anyway=True)
                if scored.decisive is not None:
                    rows.append(Row(group, question, label, dict(scored.decisive.signals), item))
        finally:
            assistant.close()
        print(f"{group:24s} {len(rows):5d} {'covered' if labels[0] else 'uncovered'}", flush=True)
        return rows

    def answerable(self, data_dir: Path, items: Sequence[AnsweredQuestion]) -> list[str]:
        """The questions whose answer stands in one of the best passages."""
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            found = []
            for item in items:
                best = scorer.score(item.question, retrieve_anyway=True).candidates[:EVIDENT]
                if any(item.held_by(candidate.chunk.text) for candidate in best):
                    found.append(item.question)
        finally:
            assistant.close()
        return found

    def ask_without(self, group: str, data_dir: Path, items: Sequence[AnsweredQuestion]) -> list[Row]:
        """Ask for answers whose passages are hidden: what is left only looks relevant."""
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            reader, rows = scorer.readers[0], []
            for item in items:
                question = prepare(item.question)
                retrieval = retrieve(cast("LibraryReader", Without(reader, item)), question, scorer.embedder)
                rows.append(Row(group, item.question, False, signals(retrieval, question), item.question))
        finally:
            assistant.close()
        print(f"{group:24s} {len(rows):5d} uncovered", flush=True)
        return rows


def chatty(question: str, chatter: Sequence[str], generator: random.Random) -> str:
    """The question inside a message of one to three sentences of chatter in its language."""
    fitting = [line for line in chatter if bool(HAN.search(line)) == bool(HAN.search(question))]
    lines = generator.sample(fitting, generator.choice((1, 1, 2, 2, 3)))
    lines.insert(generator.randrange(len(lines) + 1), question)
    return "。".join(lines)


def from_headings(data_dir: Path, generator: random.Random, number: int) -> list[str]:
    """Headings of a library, put into everyday forms of asking."""
    with sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True) as connection:
        headings = [row[0] for row in connection.execute("SELECT DISTINCT heading FROM chunks WHERE heading <> ''")]
    headings.sort()
    asked = []
    for heading in generator.sample(headings, len(headings)):
        parts = [re.sub(r"[#*`<>\[\]{}]|\(.*?\)", "", part).strip() for part in heading.split(" > ")]
        parts = [part for part in parts if 2 <= len(part) <= 60 and not re.fullmatch(r"[\d.v ]+", part)]
        if parts:
            subject = " ".join(parts[-2:]) if generator.random() < 0.5 else parts[-1]
            asked.append(generator.choice(TEMPLATES_ZH if HAN.search(subject) else TEMPLATES_EN).format(subject))
    return asked[:number]


def tiny(libraries: Libraries, items: Sequence[AnsweredQuestion], name: str) -> list[Row]:
    """Libraries of about ten, thirty and a hundred passages, asked what they hold and what they do not."""
    rows = []
    for size in (5, 15, 40):
        for turn in range(4):
            # A choice of its own: the libraries are kept between runs, and have to hold what is asked as covered.
            generator = random.Random(f"{name} {size} {turn}")
            inside = generator.sample(range(len(items)), min(size, len(items) // 2))
            outside = [i for i in range(len(items)) if i not in inside]
            texts = [text for i in inside for text in items[i].positive[:3]]
            data_dir = libraries.of_texts(f"small-{name}-{size}-{turn}", texts)
            rows += libraries.ask(f"tiny {name} in", data_dir, [items[i].question for i in inside], True)
            away = [items[i].question for i in generator.sample(outside, min(40, len(outside)))]
            rows += libraries.ask(f"tiny {name} out", data_dir, away, False)
    return rows


def from_passages(data_dir: Path, generator: random.Random, number: int) -> list[str]:
    """Pieces of sentences of a library, put into everyday forms of asking: people use some of its words, not all."""
    with sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM chunks ORDER BY id")]
        texts = [
            connection.execute("SELECT text FROM chunks WHERE id = ?", (chosen,)).fetchone()[0]
            for chosen in generator.sample(ids, min(3 * number, len(ids)))
        ]
    asked = []
    for text in texts:
        spans = [text[a:b] for a, b in sentences(text) if b - a >= 12]
        if not spans:
            continue
        sentence = generator.choice(spans)
        if HAN.search(sentence):
            runs = [run for run in re.findall("[\u4e00-\u9fffA-Za-z0-9_]+", sentence) if len(run) >= 4]
            if not runs:
                continue
            run = generator.choice(runs)
            size = min(len(run), generator.randint(4, 12))
            start = generator.randrange(len(run) - size + 1)
            subject, templates = run[start : start + size], TEMPLATES_ZH
        else:
            words = re.findall(r"[A-Za-z_][\w.]*", sentence)
            size = min(len(words), generator.randint(2, 5))
            if size < 2:
                continue
            start = generator.randrange(len(words) - size + 1)
            subject, templates = " ".join(words[start : start + size]), TEMPLATES_EN
        asked.append(generator.choice(templates).format(subject))
    return asked[:number]


def collect(folder: Path, libraries: Libraries, documents: Path | None) -> list[Row]:
    generator = random.Random(0)
    everyday = (DATA / "off_topic.txt").read_text(encoding="utf-8").split("\n")[:-1]
    chatter = (DATA / "chatter.txt").read_text(encoding="utf-8").split("\n")[:-1]
    beds = {
        name: load_answered(folder / "rgb" / f"{name}.jsonl") for name in ("zh_refine", "zh_int", "zh_fact", "en_fact")
    }
    told = load_answered(folder / "crud" / "questions.jsonl")
    crud = [item.question for item in told]
    with lzma.open(folder / "crud" / "documents.jsonl.xz", "rt", encoding="utf-8") as lines:
        news = libraries.of_texts("crud", (json.loads(line)["text"] for line in lines))
    # Of many of these questions the article is not among the documents: covered is what the best passages can answer.
    covered = libraries.answerable(news, told)
    rows = libraries.ask("news", news, covered, True)
    rows += libraries.ask(
        "news chatty", news, [chatty(q, chatter, generator) for q in covered[::3]], True, covered[::3]
    )
    rows += libraries.ask_without("news negative", news, told)
    places = {"news": news}
    for name, items in beds.items():
        questions = [item.question for item in items]
        noisy = [chatty(q, chatter, generator) for q in questions]
        data_dirs = {
            which: libraries.of_texts(f"{name}-{which}", passages_of(folder / "rgb" / f"{name}.jsonl", which))
            for which in ("all", "positive", "negative")
        }
        places[name] = data_dirs["all"]
        for which in ("all", "positive"):
            rows += libraries.ask(f"{name} {which}", data_dirs[which], questions, True)
        rows += libraries.ask(f"{name} chatty", data_dirs["all"], noisy, True, questions)
        rows += libraries.ask(f"{name} negative", data_dirs["negative"], questions, False)
        rows += tiny(libraries, items, name)
    elsewhere = {"news": "zh_refine", "en_fact": "zh_refine", "zh_fact": "en_fact"}
    for asked, place in elsewhere.items():
        questions = crud[::3] if asked == "news" else [item.question for item in beds[asked]]
        rows += libraries.ask(f"{asked} in {place}", places[place], questions, False)
        rows += libraries.ask(
            f"{asked} in {place} chatty", places[place], [chatty(q, chatter, generator) for q in questions], False
        )
    if documents is not None:
        manual = places["manual"] = libraries.of_folder("manual", documents)
        headings = from_headings(manual, generator, 700)
        rows += libraries.ask(
            "headings chatty", manual, [chatty(q, chatter, generator) for q in headings], True, headings
        )
        pieces, of_news = (from_passages(place, generator, 600) for place in (manual, news))
        noisy = [chatty(q, chatter, generator) for q in pieces]
        rows += libraries.ask("pieces of manual chatty", manual, noisy, True, pieces)
        noisy = [chatty(q, chatter, generator) for q in of_news]
        rows += libraries.ask("pieces of news in manual chatty", manual, noisy, False, of_news)
    for name, place in places.items():
        rows += libraries.ask(f"everyday in {name}", place, everyday, False)
        rows += libraries.ask(
            f"everyday in {name} chatty", place, [chatty(q, chatter, generator) for q in everyday], False
        )
        idle = [" ".join(generator.sample(chatter, generator.choice((1, 2)))) for _ in range(100)]
        rows += libraries.ask(f"chatter in {name}", place, idle, False)
    return rows


def matrix(rows: Sequence[Row]) -> np.ndarray:
    return np.array([[row.signals[name] for name in NAMES] for row in rows])


def weights_of(rows: Sequence[Row]) -> np.ndarray:
    """Groups count by the root of their size, the hard ones more, covered nearly as much as uncovered."""
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.group] = sizes.get(row.group, 0) + 1
    weights = np.array([sizes[row.group] ** -0.5 * _emphasis(row.group) for row in rows])
    labels = np.array([row.covered for row in rows])
    weights[labels] *= COVERED * weights[~labels].sum() / weights[labels].sum()
    return weights * len(rows) / weights.sum()


def _emphasis(group: str) -> float:
    return next((factor for pattern, factor in EMPHASIS if re.search(pattern, group)), 1.0)


def fit(rows: Sequence[Row]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5.0,
        monotonic_cst=[1 if name in RISING else -1 if name in FALLING else 0 for name in NAMES],
        early_stopping=False,
        random_state=0,
    )
    return model.fit(matrix(rows), [row.covered for row in rows], sample_weight=weights_of(rows))


def exported(model: HistGradientBoostingClassifier, rows: Sequence[Row]) -> dict[str, object]:
    """The fitted trees as plain lists, values of inner nodes being those of the leaves below."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        value, count = [float(n["value"]) for n in nodes], [float(n["count"]) for n in nodes]
        for i in reversed(range(len(nodes))):
            if not nodes[i]["is_leaf"]:
                a, b = int(nodes[i]["left"]), int(nodes[i]["right"])
                value[i] = (value[a] * count[a] + value[b] * count[b]) / (count[a] + count[b])
        trees.append(
            {
                "feature": [-1 if n["is_leaf"] else int(n["feature_idx"]) for n in nodes],
                "limit": [0.0 if n["is_leaf"] else round(float(n["num_threshold"]), 5) for n in nodes],
                "left": [int(n["left"]) for n in nodes],
                "right": [int(n["right"]) for n in nodes],
                "value": [round(v, 5) for v in value],
            }
        )
    x = matrix(rows)
    return {
        "base": round(float(model._baseline_prediction.ravel()[0]), 5),
        "signals": [
            {"name": n, "mean": round(float(m), 4), "scale": round(max(float(s), 0.05), 4)}
            for n, m, s in zip(NAMES, x.mean(0), x.std(0), strict=True)
        ],
        "trees": trees,
    }


def refusal(model: HistGradientBoostingClassifier, rows: Sequence[Row]) -> np.ndarray:
    return np.asarray(model.predict_proba(matrix(rows))[:, 0])


def report(name: str, scores: np.ndarray, labels: np.ndarray) -> str:
    precision, recall, f1 = precision_recall_f1(scores < THRESHOLD, labels)
    auc, best = metrics.roc_auc(-scores, labels), metrics.best_f1(-scores, labels)
    return f"| {name} | {len(labels)} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {best:.3f} | {auc or 0:.3f} |"


def measure(libraries: Libraries, items: Sequence[str]) -> list[Row]:
    """Rows of the questions given by --measure."""
    rows = []
    for item in items:
        name, questions, documents = item.split("=")
        labelled = load_labelled(Path(questions))
        data_dir = libraries.of_folder(f"measure-{name}", Path(documents))
        rows += libraries.ask(name, data_dir, [q.question for q in labelled], [q.answerable for q in labelled])
    return rows


def print_tables(rows: Sequence[Row], measured: Sequence[Row], model: HistGradientBoostingClassifier) -> None:
    """How it carries over to a domain it was not fitted on, to questions never fitted, and how each group fares."""
    print(f"\n| measured on | n | F1 at {THRESHOLD} | precision | recall | best F1 | ROC AUC |")
    print("|---|---|---|---|---|---|---|")
    families = {"news": "news", "RGB": "zh_|en_", "manuals": "heading|manual"}
    for family, pattern in families.items():
        held = [row for row in rows if re.search(pattern, row.group)]
        rest = [row for row in rows if not re.search(pattern, row.group)]
        labels = np.array([row.covered for row in held])
        if held and rest and labels.any() and not labels.all():
            print(report(f"{family}, fitted without it", refusal(fit(rest), held), labels))
    items = sorted({row.item for row in rows})
    fold_of = {item: i % 5 for i, item in enumerate(random.Random(1).sample(items, len(items)))}
    held_out = np.zeros(len(rows))
    for fold in range(5):
        test = [i for i, row in enumerate(rows) if fold_of[row.item] == fold]
        part = fit([row for row in rows if fold_of[row.item] != fold])
        held_out[test] = refusal(part, [rows[i] for i in test])
    print(report("all, cross-validated over questions", held_out, np.array([row.covered for row in rows])))
    for bed in ("zh_refine", "zh_int", "zh_fact", "en_fact"):
        whole, negative = (
            held_out[[i for i, row in enumerate(rows) if row.group == f"{bed} {which}"]]
            for which in ("all", "negative")
        )
        limit = np.quantile(whole, 0.9)
        print(
            f"| {bed}, cross-validated | answered {np.mean(whole < THRESHOLD):.2f}, "
            f"refused on negatives {np.mean(negative >= THRESHOLD):.2f}; "
            f"where 90 % are answered {np.mean(negative > limit):.2f} (at {limit:.2f}) |"
        )
    for name in sorted({row.group for row in measured}):
        held = [row for row in measured if row.group == name]
        print(report(f"{name}, never fitted", refusal(model, held), np.array([row.covered for row in held])))
    for group in sorted({row.group for row in rows}):
        part = [row for row in rows if row.group == group]
        scores = refusal(model, part)
        kind = "covered" if part[0].covered else "uncovered"
        print(f"{group:28s} {kind:10s} refused {np.mean(scores >= THRESHOLD):.2f} median {np.median(scores):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="EVAL_FOLDER")
    parser.add_argument("--work", type=Path, default=Path("build/fit_gate"))
    parser.add_argument("--documents", type=Path, help="a folder of manuals, whose headings are asked for")
    parser.add_argument("--measure", action="append", default=[], metavar="NAME=QUESTIONS.jsonl=DOCUMENTS")
    parser.add_argument("--rows", type=Path, help="keep the signals here, and take them from here another time")
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    parser.add_argument("--no-tables", action="store_true", help="fit and write, measure nothing")
    options = parser.parse_args()
    libraries = Libraries(options.work.absolute())
    if options.rows is not None and options.rows.exists():
        kept = json.loads(options.rows.read_text(encoding="utf-8"))
        rows, measured = ([Row(**row) for row in part] for part in (kept["rows"], kept["measured"]))
    else:
        rows, measured = collect(options.folder, libraries, options.documents), measure(libraries, options.measure)
        if options.rows is not None:
            kept = {"rows": [asdict(row) for row in rows], "measured": [asdict(row) for row in measured]}
            options.rows.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    model = fit(rows)
    if not options.no_tables:
        print_tables(rows, measured, model)
    result = {
        "version": 1,
        "fitted": {
            "by": "benchmarks/fit_gate.py",
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "questions": len(rows),
            "groups": len({row.group for row in rows}),
        },
        "threshold": THRESHOLD,
        "offsets": OFFSETS,
        **exported(model, rows),
    }
    if not options.dry_run:
        target = assets() / "gate" / "default.json"
        target.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
