"""Labelled questions that the gate is fitted to: covered and uncovered, plain and inside chatter."""

from __future__ import annotations

import json
import lzma
import random
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from gate_libraries import Libraries, Row

from hxd_desktop.engine.evaluation.datasets import AnsweredQuestion, load_answered, load_labelled, passages_of
from hxd_desktop.engine.text.sentences import sentences

DATA = Path(__file__).parent / "data"
HAN = re.compile("[\u4e00-\u9fff]")
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


def measure(libraries: Libraries, items: Sequence[str]) -> list[Row]:
    """Rows of the questions given by --measure."""
    rows = []
    for item in items:
        name, questions, documents = item.split("=")
        labelled = load_labelled(Path(questions))
        data_dir = libraries.of_folder(f"measure-{name}", Path(documents))
        rows += libraries.ask(name, data_dir, [q.question for q in labelled], [q.answerable for q in labelled])
    return rows
