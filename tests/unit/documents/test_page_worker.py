from __future__ import annotations

import os
from pathlib import Path

import pymupdf
import pytest

from hxd_desktop.engine.documents.page_worker import draw_page, file_blocks, find_on_pages
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.structure import text_hash
from tests.support.hostile_pages import PAGES

LINES = ("The first line of the page stands here.", "The second line is what is looked for.", "A third one.")
MANY = 1 << 24


@pytest.fixture
def file(tmp_path: Path) -> Path:
    document = pymupdf.open()
    for number in range(3):
        page = document.new_page(width=400, height=600)
        for at, line in enumerate(LINES):
            page.insert_text((50, 100 + 40 * at), f"{line} {number}", fontsize=12)
    document.save(tmp_path / "a.pdf")
    return tmp_path / "a.pdf"


def test_a_page_is_drawn_with_its_passage_marked(file: Path) -> None:
    drawn = draw_page(str(file), 2, 800, "The second line is what is looked for. 1", MANY)
    assert (drawn["pages"], drawn["page"], drawn["width"], drawn["height"]) == (3, 2, 800, 1200)
    assert len(drawn["rgb"]) == 800 * 1200 * 3
    [(left, top, right, bottom)] = drawn["marks"]
    assert 0.1 < left < 0.15 and 0.4 < right < 0.9
    assert top < 140 / 600 < bottom < 150 / 600
    assert LINES[2] in drawn["text"]


def test_a_turned_page_is_marked_where_it_is_seen(file: Path) -> None:
    document = pymupdf.open(file)
    document[0].set_rotation(90)
    document.saveIncr()
    drawn = draw_page(str(file), 1, 600, LINES[1], MANY)
    assert drawn["width"] > drawn["height"]
    [(left, top, right, bottom)] = drawn["marks"]
    assert right - left < bottom - top and all(0 <= value <= 1 for value in drawn["marks"][0])


def test_what_is_not_there_is_not_marked_and_pages_have_ends(file: Path) -> None:
    assert draw_page(str(file), 1, 200, "A sentence that stands nowhere in it.", MANY)["marks"] == []
    assert draw_page(str(file), 99, 200, "", MANY)["page"] == 3
    assert draw_page(str(file), -4, 200, "", MANY)["page"] == 1


def test_what_cannot_be_drawn_says_so(file: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nonsense")
    with pytest.raises(Unreadable, match="damaged"):
        draw_page(str(tmp_path / "bad.pdf"), 1, 200, "", MANY)
    with pytest.raises(Unreadable, match="larger than 10 bytes"):
        draw_page(str(file), 1, 200, "", 10)
    locked = pymupdf.open(file)
    locked.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    with pytest.raises(Unreadable, match="password"):
        draw_page(str(tmp_path / "locked.pdf"), 1, 200, "", MANY)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_picture_is_a_page(file: Path, tmp_path: Path, suffix: str) -> None:
    picture = tmp_path / f"scan.{suffix}"
    with pymupdf.open(file) as document:
        document[0].get_pixmap(dpi=72).save(picture)
    drawn = draw_page(str(picture), 1, 200, "The second line", MANY)
    assert (drawn["pages"], drawn["width"], drawn["height"], drawn["marks"]) == (1, 200, 300, [])
    assert min(drawn["rgb"]) < 100 < max(drawn["rgb"])


def test_words_are_found_on_their_pages_and_marked_where_they_stand(file: Path) -> None:
    assert find_on_pages(str(file), "SECOND line", MANY) == {"found": [[1, 1], [2, 1], [3, 1]]}
    assert find_on_pages(str(file), "line", MANY)["found"][0] == [1, 2]
    assert find_on_pages(str(file), "nowhere", MANY) == {"found": []}
    drawn = draw_page(str(file), 1, 400, "", MANY, "line")
    first, second = drawn["hits"]
    assert drawn["marks"] == [] and len(first) == len(second) == 1
    assert first[0][1] < second[0][1] and 0 < first[0][2] - first[0][0] < 0.1


def test_a_file_tells_how_it_is_built(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<h1>Head</h1><p>Words</p><ul><li>x</li></ul>", encoding="utf-8")
    told = file_blocks(str(tmp_path / "a.html"), MANY)
    assert told["sha"] == text_hash("Head\n\nWords\n\nx")
    assert told["blocks"] == [["heading", 0, 4, None, 1], ["paragraph", 6, 11, None, 0], ["list_item", 13, 14, None, 0]]
    with pytest.raises(Unreadable, match="larger than 3 bytes"):
        file_blocks(str(tmp_path / "a.html"), 3)


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files")
def test_what_took_the_place_of_a_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(Unreadable, match="not a regular file"):
        draw_page(str(tmp_path / "pipe.pdf"), 1, 200, "", MANY)


@pytest.mark.parametrize("name", PAGES)
def test_pages_and_pictures_that_mean_harm_are_drawn_small_or_say_why_not(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(PAGES[name]())
    try:
        drawn = draw_page(str(file), 1, 1000, "words", MANY)
    except Unreadable as problem:
        assert problem.message
    else:
        assert 0 < drawn["width"] <= 16_000 and 0 < drawn["height"] <= 16_000
        assert len(drawn["rgb"]) == 3 * drawn["width"] * drawn["height"] <= 3 * 12_100_000
