from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.gguf_file import read_header
from hxd_desktop.engine.models.offload import Device, LoadWishes, ModelShape, attempts, describe
from tests.support import tiny_gguf

GB = 10**9
# InternLM2 7B in four bits: 32 layers of 130 MB.
SEVEN = ModelShape((130_000_000,) * 32, 220_000_000, 310_000_000, 2 * 8 * 128, 92_544, 14_336, 32, 32_768)


def card(free: float, shared: bool = False) -> Device:
    return Device("GPU0", "A card", "vulkan", int(free * GB), int(free * GB), shared)


def test_the_shape_is_read_off_the_file(tmp_path: Path) -> None:
    path = tiny_gguf.make(tmp_path / "m.gguf", layers=3, hidden=64)
    shape = ModelShape.of(read_header(path))
    assert len(shape.layer_bytes) == 3
    assert len(set(shape.layer_bytes)) == 1
    assert shape.input_bytes == shape.output_bytes - 64 * 4 == shape.vocabulary * 64 * 4
    assert shape.kv_values == 2 * 2 * 16
    assert 0.9 < shape.weights / path.stat().st_size < 1


def test_without_a_card_everything_is_on_the_processor() -> None:
    best = attempts(SEVEN, LoadWishes(), [], 16 * GB)[0]
    assert (best.gpu_layers, best.layers, best.context_tokens, best.batch) == (0, 33, 4096, 64)
    assert best.gpu_bytes == 0
    assert describe(best, [])["device"] == "cpu"


def test_all_layers_with_a_long_context_where_the_card_holds_them() -> None:
    best = attempts(SEVEN, LoadWishes(), [card(24)], 16 * GB)[0]
    assert (best.gpu_layers, best.context_tokens, best.batch) == (33, 8192, 512)
    assert describe(best, [card(24)])["device"] == "vulkan"


def test_the_more_memory_the_more_layers() -> None:
    chosen = [attempts(SEVEN, LoadWishes(), [card(free)], 16 * GB)[0] for free in (0.2, 1.5, 2.5, 3.5, 5, 8)]
    layers = [plan.gpu_layers for plan in chosen]
    assert layers == sorted(layers)
    assert layers[0] == 0
    assert 0 < layers[2] < 33 == layers[-1]
    for plan, free in zip(chosen, (0.2, 1.5, 2.5, 3.5, 5, 8), strict=True):
        assert plan.gpu_bytes <= free * GB


def test_two_cards_hold_more_than_one() -> None:
    one, two = (attempts(SEVEN, LoadWishes(), [card(3)] * n, 16 * GB)[0].gpu_layers for n in (1, 2))
    assert one < two


def test_a_smaller_cache_leaves_room_for_layers() -> None:
    full, small = (
        attempts(SEVEN, LoadWishes(context_tokens=16_384, kv_type=kind), [card(4)], 16 * GB)[0].gpu_layers
        for kind in ("f16", "q4_0")
    )
    assert full < small


def test_each_attempt_takes_less_than_the_one_before() -> None:
    plans = attempts(SEVEN, LoadWishes(), [card(24)], 16 * GB)
    assert [plan.gpu_layers for plan in plans[:5]] == [33, 24, 16, 8, 0]
    contexts = [plan.context_tokens for plan in plans if plan.gpu_layers == 0]
    assert contexts == [4096, 2048, 1024]
    assert [plan.gpu_bytes for plan in plans] == sorted((plan.gpu_bytes for plan in plans), reverse=True)


def test_wishes_are_tried_first() -> None:
    plans = attempts(SEVEN, LoadWishes(20, 2048, 256, "q8_0"), [card(1)], 16 * GB)
    best = plans[0]
    assert (best.gpu_layers, best.context_tokens, best.batch, best.kv_type) == (20, 2048, 256, "q8_0")
    assert attempts(SEVEN, LoadWishes(gpu_layers=0), [card(24)], 16 * GB)[0].gpu_layers == 0
    assert attempts(SEVEN, LoadWishes(gpu_layers=99), [card(24)], 16 * GB)[0].gpu_layers == 33
    assert attempts(replace(SEVEN, trained_context=2048), LoadWishes(), [], 16 * GB)[0].context_tokens == 2048


def test_a_context_for_which_there_is_no_memory_is_shortened() -> None:
    best = attempts(SEVEN, LoadWishes(context_tokens=32_768), [], int(5.7 * GB))[0]
    assert best.context_tokens < 32_768


def test_a_model_that_is_too_large_is_refused_with_its_need() -> None:
    with pytest.raises(ModelError, match="too large") as caught:
        attempts(SEVEN, LoadWishes(), [], 2 * GB)
    assert "needs about 5." in caught.value.message
    assert "1.90 GB can be used" in caught.value.message
    assert "smaller model" in caught.value.remedy


def test_what_a_card_holds_need_not_fit_into_the_machine() -> None:
    best = attempts(SEVEN, LoadWishes(), [card(24)], 1 * GB)
    assert {plan.gpu_layers for plan in best} == {33}
    with pytest.raises(ModelError):
        attempts(SEVEN, LoadWishes(), [card(24, shared=True)], 1 * GB)
