from __future__ import annotations

from hxd_desktop.engine.answering.context import assemble, choose_sources, estimate_tokens
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

TEXT = "".join(paragraph.rpartition("|")[2] for paragraph in HANDBOOK["/docs/install.md"])


def found(question: str, top_k: int = 3) -> tuple[FakeLibrary, list[Source]]:
    library = FakeLibrary(HANDBOOK)
    return library, choose_sources(retrieve(library, prepare(question), None).candidates, top_k)


def test_neighbours_are_joined_and_keep_exact_offsets() -> None:
    library, sources = found("怎么把茴香馆部署到微信群？", 1)
    (wide,) = assemble(sources, {"default": library}, 10_000, len)
    assert wide.text == TEXT
    assert (wide.start, wide.end) == (0, len(TEXT))


def test_what_a_wider_source_holds_is_not_given_twice() -> None:
    library, sources = found("茴香馆 升级 微信 安装", 3)
    assembled = assemble(sources, {"default": library}, 10_000, len)
    assert len([s for s in assembled if s.document == "/docs/install.md"]) == 1


def test_the_budget_holds() -> None:
    library, sources = found("warranty shipping order refund machines", 3)
    for budget in (20, 90, 150, 400):
        assembled = assemble(sources, {"default": library}, budget, len)
        assert assembled
        assert assembled[0].n == 1
        assert sum(len(source.text) for source in assembled) <= budget


def test_the_same_text_is_one_source() -> None:
    copies = FakeLibrary({"/a.md": ["保修期是三年。"], "/b.md": ["保修期是三年。"], "/c.md": ["保修期与发票有关。"]})
    sources = choose_sources(retrieve(copies, prepare("保修期"), None).candidates, 5)
    assert len(sources) == 2
    assert [source.n for source in sources] == [1, 2]


def test_near_copies_make_room_for_other_sources() -> None:
    text = "厨房机器的保修期是三年，包括电机和刀片。{}联系客服时请准备好发票和产品照片。"
    copies = FakeLibrary(
        {
            **{f"/{n}.md": [text.format(f"第{word}次印刷。")] for n, word in enumerate("一二三四")},
            "/old.md": [text.format("第一次印刷。").replace("三年", "两年")],
            "/z.md": ["保修期从交货之日算起。"],
        }
    )
    candidates = retrieve(copies, prepare("厨房机器的保修期是多久"), None).candidates
    asked = [term.term for term in prepare("厨房机器的保修期").terms if term.weight >= 0.5]
    assert len({source.document for source in choose_sources(candidates, 3)} - {"/old.md", "/z.md"}) >= 2
    documents = [source.document for source in choose_sources(candidates, 3, asked)]
    assert len(documents) == 3
    assert {"/old.md", "/z.md"} < set(documents)


def test_estimates_err_on_the_long_side() -> None:
    assert estimate_tokens("保修期") == 3
    assert estimate_tokens("warranty") >= 2
