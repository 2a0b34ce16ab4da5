from __future__ import annotations

import numpy as np

from hxd_desktop.engine.answering.example_text import BUCKETS, N_TOPICS, TextFeatures, Topics, text_gram

TEXTS = [f"{a}和{b}怎么办" for a in "保修 退款 发票 配件 刀片 电机".split() for b in "维修 升级 密码 备份".split()]


def test_a_text_has_length_one_and_words_half_of_it() -> None:
    features = TextFeatures.fitted(TEXTS)
    buckets, values = features.vector("刀片怎么维修")
    assert len(set(buckets.tolist())) == len(buckets)
    assert np.isclose(np.linalg.norm(values), 1)
    empty, none = features.vector("")
    assert len(empty) == len(none) == 0


def test_text_gram_is_the_product_of_the_vectors() -> None:
    features = TextFeatures.fitted(TEXTS * 3)
    rows = [features.vector(text) for text in TEXTS * 3]
    dense = np.zeros((len(rows), BUCKETS))
    for number, (buckets, values) in enumerate(rows):
        dense[number, buckets] = values
    assert np.allclose(text_gram(rows), dense @ dense.T, atol=1e-5)


def test_topics_bring_together_what_is_said_together() -> None:
    texts = [f"{name} {rest}" for name in "甲乙丙丁戊己庚辛" for rest in ("鱼缸 水草", "股票 指数")] * 4
    texts += [f"{a}{b}" for a in "东南西北春夏秋冬" for b in "山河湖海风雨"]
    features = TextFeatures.fitted(texts)
    rows = [features.vector(text) for text in texts]
    topics = Topics.fitted(rows, text_gram(rows))
    assert topics.basis.shape[1] == N_TOPICS
    tank, weed, share = (topics.place(features.vector(text)) for text in ("鱼缸", "水草", "股票"))
    assert tank @ weed > 2 * abs(tank @ share)
    assert np.isclose(np.linalg.norm(tank), 1, atol=1e-5)


def test_topics_are_the_same_for_the_same_texts() -> None:
    features = TextFeatures.fitted(TEXTS)
    rows = [features.vector(text) for text in TEXTS]
    assert np.array_equal(Topics.fitted(rows, text_gram(rows)).basis, Topics.fitted(rows, text_gram(rows)).basis)


def test_a_text_that_shares_nothing_lies_nowhere() -> None:
    features = TextFeatures.fitted(TEXTS)
    rows = [features.vector(text) for text in TEXTS]
    assert not Topics.fitted(rows, text_gram(rows)).place(features.vector("")).any()
    assert not Topics.fitted([features.vector("")], np.zeros((1, 1))).place(rows[0]).any()
