"""A download whose process is killed at ten random moments ends whole and verified."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine.models.registry import ModelRegistry
from tests.support import tiny_onnx
from tests.support.hub import running

NAMES = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json")

# Everything is imported once; each attempt is a process of its own that is forked from there and killed.
DOWNLOAD = """
import json, os, random, signal, sys, time
from pathlib import Path

import httpx  # noqa: F401 - on with it, before the clock runs
from hxd_desktop.engine.models import active, catalogue, downloading, locks, packaged, registry, trial
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source
from hxd_desktop.engine.settings import DownloadSettings, ModelSettings

folder, names, seed = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
files = tuple(CatalogueFile(name, name) for name in names)
sources = (Source("huggingface", "org/tiny"),)
entry = Entry("tiny", "embedder", "tiny", "MIT", ("en",), 64, 1000, 2000, {}, files, sources)
catalogue.entries = lambda: (entry,)
packaged.find = lambda: None
settings = DownloadSettings(huggingface=(os.environ["HF_ENDPOINT"],))
chance = random.Random(seed)
killed = 0
for attempt in range(11):
    pid = os.fork()
    if pid == 0:
        models = active.ActiveModels(folder, ModelSettings())
        models.download("tiny", settings)
        os._exit(0)
    if attempt < 10:
        # While bytes come, and now and then later: while the model is copied and tried out.
        time.sleep(chance.uniform(0.02, 0.2 if attempt % 3 else 0.8))
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    killed += os.WIFSIGNALED(status)
print(json.dumps({"killed": killed, "last": status}))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_killed_at_ten_random_moments(tmp_path: Path) -> None:
    made = tiny_onnx.make_embedder(tmp_path / "tiny", dim=256)
    models = tmp_path / "data" / "models"
    with running() as hub:
        hub.files = {f"org/tiny/{name}": (made / name).read_bytes() for name in NAMES}
        hub.pace_bytes = 16_384
        environment = os.environ | {"HF_ENDPOINT": hub.address, "NO_PROXY": "*"}
        done = subprocess.run(
            [sys.executable, "-c", DOWNLOAD, str(models), json.dumps(NAMES), "7"],
            env=environment, capture_output=True, text=True, timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        resumed = [asked for asked in hub.asked if asked[1]]
    assert told["last"] == 0 and told["killed"] >= 3
    assert resumed  # it went on where it was, rather than from the start
    registry = ModelRegistry(models)
    assert registry.ready("tiny", "embedder").verified
    assert registry.is_whole("tiny")
    assert (models / "tiny" / "model.onnx").read_bytes() == (made / "model.onnx").read_bytes()
    assert [path.name for path in models.iterdir()] == ["tiny"]
