"""A library of as many passages as one likes, made of the sentences of real texts drawn anew by chance.

    python benchmarks/synthetic.py DATA_DIR --texts FOLDER [--chunks 1000000] [--seed 1]

Nothing is read by parsers: passages, their words, their vectors and the vector index are stored by the engine's own
functions, so that what is asked afterwards is a library like any other, only larger than the texts at hand. Sentences
are drawn evenly, so a sentence stands in several passages: questions on it have more rivals than in real documents.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from measuring import folder_bytes, machine

from hxd_desktop.engine.documents.keys import embedding_key, heading_terms
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, journal, store
from hxd_desktop.engine.library.embeddings import encode
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.opening import prepared
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

PASSAGE_CHARS = 280  # the mean of Chinese news
PASSAGES_PER_DOCUMENT = (1, 2, 3, 4)
BATCH = 1000  # documents a transaction

Sentence = tuple[str, str]  # as it stands, and its terms


def sentences_of(texts: Sequence[str]) -> list[str]:
    """Every sentence of 8 to 200 characters, once, in the order in which it first stands."""
    found: dict[str, None] = {}
    for text in texts:
        for start, end in sentences(text):
            sentence = " ".join(text[start:end].split())
            if 8 <= len(sentence) <= 200:
                found[sentence] = None
    return list(found)


def passages(pool: Sequence[Sentence], chosen: random.Random, target: int = PASSAGE_CHARS) -> Iterator[Sentence]:
    """Passages of at least `target` characters without end, each with the terms of its sentences."""
    while True:
        texts, terms, size = [], [], 0
        while size < target:
            text, words = chosen.choice(pool)
            texts.append(text)
            terms.append(words)
            size += len(text)
        yield " ".join(texts), " ".join(terms)


def documents(made: Iterator[Sentence], count: int, chosen: random.Random, folder: Path) -> Iterator[store.ParsedFile]:
    """Documents with `count` passages together; their texts are those of their passages, one a line."""
    number = left = 0
    left = count
    while left:
        some = [next(made) for _ in range(min(left, chosen.choice(PASSAGES_PER_DOCUMENT)))]
        left -= len(some)
        path = str(folder / f"{number // 500:04d}" / f"{number:07d}.txt")
        number += 1
        chunks, start = [], 0
        for text, _ in some:
            chunks.append((start, start + len(text) + 1, None, ""))
            start += len(text) + 1
        text = "".join(f"{one}\n" for one, _ in some)
        yield store.ParsedFile(
            path=path,
            state=DocumentState.INDEXED,
            size_bytes=len(text.encode()),
            mtime_ns=number,
            type="text",
            parser="text",
            language="zh",
            text=text,
            chunks=chunks,
            terms=[terms for _, terms in some],
            surroundings=[heading_terms(None, "", path)] * len(some),
            keys=[embedding_key("", f"{one}\n") for one, _ in some],
        )


def build(data: Path, pool: Sequence[Sentence], count: int, seed: int) -> tuple[int, float]:
    """Make the library `default`; return the bytes of its text and the seconds that it took."""
    directory = DataDirectory.resolve(data)
    directory.create()
    lock = WriterLock(directory)
    database = prepared(directory)
    embedder = HashedEmbedder()
    folder = data.parent / f"{data.name} made up"
    folder.mkdir(exist_ok=True)
    started, text_bytes, done = time.perf_counter(), 0, 0
    try:
        place = database.write(lambda connection: catalog.add_folder(connection, "default", folder))
        library = database.write(lambda connection: catalog.library_id(connection, "default"))
        index = database.write(lambda c: journal.ensure_index(c, library, embedder.id, embedder.dim))
        chosen = random.Random(seed)
        batch: list[store.ParsedFile] = []
        storing = None
        stream = documents(passages(pool, chosen), count, chosen, folder)
        while batch := [one for _, one in zip(range(BATCH), stream, strict=False)]:
            keys = [key for one in batch for key in one.keys]
            new = list(
                zip(keys, encode(embedder.embed_terms([t for o in batch for t in o.terms]), compact=True), strict=True)
            )
            if storing is not None:
                storing.result()

            def write(connection, batch=batch, new=new):
                ids = store.store_documents(connection, library, [(place.id, one) for one in batch])
                rows = connection.execute(
                    "SELECT id FROM chunks WHERE document_id BETWEEN ? AND ?", (min(ids), max(ids))
                ).fetchall()
                journal.record_vectors(connection, index, new, [row[0] for row in rows])

            storing = database.submit(write)
            done += len(keys)
            text_bytes += sum(one.size_bytes for one in batch)
            if done % 50_000 < len(keys):
                print(f"  {done} passages after {time.perf_counter() - started:.0f} s", flush=True)
        if storing is not None:
            storing.result()
        vectors = VectorStore(database, directory.vectors, embedder.id, embedder.dim)
        vectors.save(library)
        folder.rmdir()  # offline, a folder keeps its index; there, it would be found empty
        return text_bytes, time.perf_counter() - started
    finally:
        database.close()
        lock.release()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data_dir", type=Path)
    arguments.add_argument("--texts", type=Path, required=True)
    arguments.add_argument("--chunks", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(machine())
    texts = [path.read_text("utf-8", "replace") for path in sorted(options.texts.rglob("*")) if path.is_file()]
    pool = [(sentence, index_terms(sentence)) for sentence in sentences_of(texts)]
    print(f"{len(pool)} sentences of {len(texts)} texts")
    text_bytes, seconds = build(options.data_dir.resolve(), pool, options.chunks, options.seed)
    disk = folder_bytes(options.data_dir)
    print(
        f"{options.chunks} passages, {text_bytes / 1e6:.0f} MB of text in {seconds:.0f} s;"
        f" {disk / 1e6:.0f} MB on disk, {disk / text_bytes:.2f} times the text"
    )


if __name__ == "__main__":
    main()
