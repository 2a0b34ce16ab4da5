import subprocess
import sys

import pytest

# A process of its own: what is tried here would stay, and ONNX Runtime must not meet USearch.
TRY = """
import onnxruntime
from hxd_desktop.engine.workers.onnx_threads import let_threads_sleep
let_threads_sleep()
kept = onnxruntime.SessionOptions
let_threads_sleep()
assert onnxruntime.SessionOptions is kept
{use}
print(options.get_session_config_entry("session.intra_op.allow_spinning"))
"""


def told(use: str) -> str:
    command = [sys.executable, "-c", TRY.format(use=use)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_new_session_options_keep_idle_threads_asleep():
    assert told("options = onnxruntime.SessionOptions()") == "0"


def test_rapidocr_makes_its_sessions_with_them():
    pytest.importorskip("rapidocr")
    use = (
        "from rapidocr.inference_engine.onnxruntime.main import OrtInferSession\n"
        "class Config(dict):\n"
        "    enable_cpu_mem_arena = False\n"
        "options = OrtInferSession._init_sess_opts(Config())"
    )
    assert told(use) == "0"
