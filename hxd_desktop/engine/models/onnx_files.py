"""How an ONNX model wants to be used, read from the files that came with it.

In order of weight: `hxd.json` (ours; written by whoever knows better), the files of sentence-transformers, the family
that the model's name belongs to, the graph and the vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.families import family_of

_POOLINGS = {"MEAN", "CLS", "LAST_TOKEN", "DISABLED"}
_SCORES = {"logit", "probability"}
_MODES = {
    "pooling_mode_cls_token": "CLS",
    "pooling_mode_mean_tokens": "MEAN",
    "pooling_mode_lasttoken": "LAST_TOKEN",
}
_MOST_TOKENS = 8192
_USUAL_TOKENS = 512


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, {} where there is no such file.

    Raises:
        ModelError: it is there and is not a JSON object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    except RecursionError as error:
        raise _unreadable(path, "it is nested too deeply") from error
    if not isinstance(found, dict):
        raise _unreadable(path, "it holds no object")
    return found


def _unreadable(path: Path, why: str) -> ModelError:
    return ModelError(
        "The model's files cannot be read",
        f"{path.name}: {why.rstrip('.')}.",
        "Get the model again; one of its small files is damaged.",
        path,
    )


def is_reranker(folder: Path, outputs: Sequence[Sequence[Any]]) -> bool:
    """Whether the model scores a pair of texts, by its own description or by the shape of what its graph gives.

    Args:
        folder: The model's folder.
        outputs: (name, shape) of the graph, -1 for a size that is not fixed.
    """
    named = " ".join(map(str, read_json(folder / "config.json").get("architectures") or ()))
    if "SequenceClassification" in named:
        return True
    name, shape = outputs[0]
    return len(shape) == 2 and (shape[1] == 1 or name == "logits")


def reranker_details(folder: Path, names: Sequence[str], inspected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `details` of a reranker.

    Raises:
        ModelError: it gives more than one score.
    """
    shape = inspected["outputs"][0][1]
    if len(shape) != 2 or shape[1] not in (1, -1):
        raise ModelError(
            "Not a reranker that can be used",
            f"Its graph gives an output of shape {shape} instead of one score for each pair.",
            "Use a cross-encoder with one output.",
        )
    family = family_of(*names)
    languages = family.languages if family else frozenset(inspected["languages"])
    details: dict[str, Any] = {"max_tokens": max_tokens(folder), "languages": sorted(languages), "scores": "logit"}
    details |= _ours(folder, details)
    if details["scores"] not in _SCORES:
        raise _unreadable(folder / "hxd.json", f"scores has to be one of {', '.join(sorted(_SCORES))}")
    return details


def embedder_details(folder: Path, names: Sequence[str], inspected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `details` of an embedder, but for `dim`, which a first vector tells.

    Raises:
        ModelError: a step between graph and vector is missing from the graph, or a file is damaged.
    """
    family = family_of(*names)
    prompts = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
    query, passage = prompts.get("query", ""), prompts.get("passage", "") or prompts.get("document", "")
    if family and not query and not passage:
        query, passage = family.query_prefix, family.passage_prefix
    pooled = len(inspected["outputs"][0][1]) == 2
    pooling = "DISABLED" if pooled else _pooling(folder) or (family.pooling if family else "") or "MEAN"
    languages = family.languages if family else frozenset(inspected["languages"])
    details = {
        "pooling": pooling,
        "max_tokens": max_tokens(folder),
        "query_prefix": query,
        "passage_prefix": passage,
        "languages": sorted(languages),
        "bridges_languages": family.bridges_languages if family else False,
    }
    details |= _ours(folder, details)
    if details["pooling"] not in _POOLINGS:
        raise _unreadable(folder / "hxd.json", f"pooling has to be one of {', '.join(sorted(_POOLINGS))}")
    if not pooled and _has_dense(folder):
        raise ModelError(
            "The model is not complete",
            "Its vectors pass a further layer (Dense in modules.json) that this ONNX graph does not hold.",
            "Use an export of the whole sentence-transformers model.",
        )
    return details


def _ours(folder: Path, details: Mapping[str, Any]) -> dict[str, Any]:
    """What `hxd.json` says of the keys in `details`; a value of another type counts as none."""
    ours = read_json(folder / "hxd.json")
    return {key: value for key, value in ours.items() if key in details and type(value) is type(details[key])}


def _pooling(folder: Path) -> str:
    config = read_json(folder / "1_Pooling" / "config.json")
    return next((pooling for mode, pooling in _MODES.items() if config.get(mode)), "")


def _has_dense(folder: Path) -> bool:
    path = folder / "modules.json"
    try:
        modules = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, str(error)) from error
    return any(str(module.get("type", "")).endswith(".Dense") for module in modules if isinstance(module, dict))


def max_tokens(folder: Path) -> int:
    """The longest input that the model is meant for, in its own tokens."""
    config, tokenizer = read_json(folder / "config.json"), read_json(folder / "tokenizer_config.json")
    limits = (
        read_json(folder / "hxd.json").get("max_tokens"),
        read_json(folder / "sentence_bert_config.json").get("max_seq_length"),
        tokenizer.get("model_max_length"),
        tokenizer.get("max_length"),
    )
    sensible = [int(limit) for limit in limits if isinstance(limit, int | float) and 0 < limit <= _MOST_TOKENS]
    if sensible:
        return min(sensible)
    positions = config.get("max_position_embeddings")
    # RoBERTa's table has two places more than it takes tokens.
    return min(positions - 2, _MOST_TOKENS) if isinstance(positions, int) and positions > 2 else _USUAL_TOKENS


def complete_tokenizer(folder: Path) -> None:
    """Write into `tokenizer_config.json` of our copy what fastembed wants to find there.

    It cuts texts at the limit named there, and knows neither `sentence_bert_config.json` nor a missing limit.

    Raises:
        ModelError: a file is damaged.
    """
    path = folder / "tokenizer_config.json"
    config = read_json(path)
    config["model_max_length"] = config["max_length"] = max_tokens(folder)
    if not config.get("pad_token"):
        tokens = {token.get("content") for token in read_json(folder / "tokenizer.json").get("added_tokens") or ()}
        config["pad_token"] = next((pad for pad in ("[PAD]", "<pad>", "<|endoftext|>", "</s>") if pad in tokens), None)
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2), encoding="utf-8")
