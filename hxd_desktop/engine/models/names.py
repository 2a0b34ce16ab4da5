"""The ids of what is there without a model's file."""

from __future__ import annotations

BUILTIN = "builtin"  # the embedder by words and parts of words
EXTRACTIVE = "extractive"  # quotations in place of a language model
