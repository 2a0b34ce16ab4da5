from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.documents.keys import embedding_key, embedding_terms, embedding_text
from hxd_desktop.engine.text.words import index_terms

TEXT = st.text(st.sampled_from("abAB01_.+# \n,é拒答門①ﬁ．Ａ\u0301"), max_size=20)


@given(TEXT, TEXT)
def test_terms_for_the_embedder_are_those_of_what_it_reads(heading: str, text: str) -> None:
    given = embedding_terms(heading, text, index_terms(text))
    assert given.split() == index_terms(embedding_text(heading, text)).split()


def test_a_key_tells_headings_from_texts_only_as_the_embedder_does() -> None:
    assert embedding_key("", "a\nb") == embedding_key("a", "b")
    assert embedding_key("", "a") != embedding_key("a", "")
    assert len(embedding_key("h", "t")) == 16
