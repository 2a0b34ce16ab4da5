from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.signals import missing_terms
from hxd_desktop.engine.answering.spelling import correct, distance, spelled
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

DOCUMENTS = HANDBOOK | {
    "/docs/cluster.md": ["Cluster|Kubernetes schedules containers on GPUs. Docker is needed. Use nginx."]
}


def corrected(text: str, *libraries: FakeLibrary) -> dict[str, str]:
    _, made = correct(prepare(text), libraries or (FakeLibrary(DOCUMENTS),))
    return {correction.typed: correction.term for correction in made}


@pytest.mark.parametrize(
    ("question", "made"),
    [
        ("how long is the warrenty", {"warrenty": "warranti"}),
        ("怎么安装 kubernteses", {"kubernteses": "kubernet"}),
        ("Dokcer 怎么装", {"Dokcer": "docker"}),
        ("nignx 是什么", {"nignx": "nginx"}),
        ("which wharehouse ships parcels", {"wharehouse": "warehous"}),
        ("ikthcen machines", {}),  # three slips
    ],
)
def test_a_slip_is_taken_for_the_nearest_known_word(question: str, made: dict[str, str]) -> None:
    assert corrected(question) == made


@pytest.mark.parametrize(
    "question",
    [
        "how long is the warranty",  # known
        "what about steam and pockets",  # English words that are meant
        "dockre_file",  # an identifier
        "GPUX",  # an abbreviation
        "DokCer",
        "nginy",  # too short for a changed letter
        "保修其多久",  # Chinese
        "",
    ],
)
def test_what_is_left_alone(question: str) -> None:
    prepared = prepare(question)
    assert correct(prepared, [FakeLibrary(DOCUMENTS)]) == (prepared, ())


def test_a_word_that_one_of_the_libraries_knows_is_no_slip() -> None:
    assert corrected("Dokcer", FakeLibrary(DOCUMENTS), FakeLibrary({"/x.md": ["the dokcer"]})) == {}
    assert corrected("Dokcer", FakeLibrary({}), FakeLibrary(DOCUMENTS)) == {"Dokcer": "docker"}


def test_the_known_word_counts_for_less_than_the_typed_one_would() -> None:
    library = FakeLibrary(DOCUMENTS)
    question, _ = correct(prepare("怎么安装 Dokcer"), [library])
    plain, right = prepare("怎么安装 Dokcer"), prepare("怎么安装 Docker")
    masses = {term.term: term.mass for term in question.terms}
    assert sum(masses.values()) == pytest.approx(sum(term.mass for term in plain.terms))
    assert 0 < masses["dokcer"] < masses["docker"] < {t.term: t.mass for t in right.terms}["docker"]
    coverage = [retrieve(library, q, None).candidates[0].scores["coverage"] for q in (plain, question, right)]
    assert coverage[0] < coverage[1] < coverage[2]
    assert missing_terms(retrieve(library, question, None), question) == ()


def test_how_the_documents_write_it() -> None:
    assert spelled("kubernet", ["no", "the Kubernetes docs"]) == "Kubernetes"
    assert spelled("kubernet", ["no"]) == "kubernet"


@pytest.mark.parametrize(
    ("a", "b", "slips"),
    [("ab", "ab", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("abc", "axc", 1), ("abcd", "badc", 2)],
)
def test_distances(a: str, b: str, slips: int) -> None:
    assert distance(a, b, 2) == distance(b, a, 2) == slips


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_a_bound_does_not_change_what_is_within_it(a: str, b: str) -> None:
    exact = distance(a, b, 20)
    assert (exact == 0) == (a == b)
    for limit in range(4):
        assert distance(a, b, limit) == min(exact, limit + 1)
