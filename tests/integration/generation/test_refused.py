"""Models and prompts that cannot be used."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.protocols import ChatMessage
from tests.support import tiny_gguf
from tests.support.llama import REPLY, SCRIPT, opened, reply

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"),
]


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "options", "title"),
        [
            ("no_template", {"chat_template": None}, "no chat template"),
            ("foreign", {"chat_template": "[INST]{{ messages[0]['content'] }}[/INST]"}, "template cannot be used"),
            ("endless", {"specials": tiny_gguf.SPECIALS[:4], "eos_token": "</s>"}, "not know where to stop"),
            (
                "broken",
                {"chat_template": tiny_gguf.CHATML + "{{ raise_exception('never') }}"},
                "template cannot be used",
            ),
        ],
    )
    def test_formats_that_would_spoil_the_answer(
        self, folder: Path, name: str, options: dict[str, object], title: str
    ) -> None:
        generator = opened(tiny_gguf.make(folder / f"{name}.gguf", **options))  # type: ignore[arg-type]
        try:
            with pytest.raises(ModelError) as caught:
                reply(generator)
            assert title in caught.value.title
            assert caught.value.remedy
        finally:
            generator.close()

    @pytest.mark.parametrize(
        "place", [3, 20, 60, "tokens", "scores", "chat_template", "token_embd", "blk.1", "data", "last byte"]
    )
    def test_cut_file(self, folder: Path, place: str | int) -> None:
        whole = tiny_gguf.make(folder / "whole.gguf", script=SCRIPT).read_bytes()
        length = {"data": len(whole) // 2, "last byte": len(whole) - 40}.get(str(place))
        if length is None:
            length = place if isinstance(place, int) else whole.index(place.encode()) + len(place) + 9
        cut = folder / "cut.gguf"
        cut.write_bytes(whole[:length])
        generator = opened(cut)
        try:
            with pytest.raises(ModelError, match=r"incomplete|Not a usable") as caught:
                reply(generator)
            assert "again" in caught.value.remedy
            cut.write_bytes(whole)
            assert reply(generator) == REPLY
        finally:
            generator.close()

    def test_a_file_that_lies_about_its_tensors(self, folder: Path) -> None:
        whole = tiny_gguf.make(folder / "whole.gguf").read_bytes()
        odd = folder / "odd.gguf"
        odd.write_bytes(whole.replace(b"blk.1.attn_q.weight", b"blk.1.attn_x.weight"))
        generator = opened(odd)
        try:
            with pytest.raises(ModelError, match="cannot be loaded") as caught:
                reply(generator)
            assert "attn_q" in caught.value.message
        finally:
            generator.close()

    def test_llama_is_not_installed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "llama_cpp.py").write_text("raise ImportError('No module named llama_cpp')")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        generator = opened(tiny_gguf.make(tmp_path / "model.gguf"))
        try:
            with pytest.raises(ModelError, match="not installed") as caught:
                generator.count_tokens("x")
            assert "bootstrap.py llm" in caught.value.remedy
        finally:
            generator.close()

    def test_prompt_longer_than_the_context(self, scripted: LlamaGenerator) -> None:
        with pytest.raises(ModelError, match="too long") as caught:
            reply(scripted, [ChatMessage("user", "x " * 600)])
        assert "answers.context_tokens" in caught.value.remedy
        assert reply(scripted) == REPLY
