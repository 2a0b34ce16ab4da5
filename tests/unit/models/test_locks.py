from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError
from hxd_desktop.engine.models import locks


def test_one_download_of_a_model_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    with locks.download_lock(folder, "a"):
        with locks.download_lock(folder, "b"):
            pass
        with pytest.raises(ModelError, match="being downloaded already"), locks.download_lock(folder, "a"):
            pass
    with locks.download_lock(folder, "a"):
        pass
    assert not folder.exists()  # what lies in it is a model


def test_imports_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, token = tmp_path / "models", CancelToken()
    with locks.import_lock(folder):
        token.cancel()
        with pytest.raises(Cancelled), locks.import_lock(folder, token):
            pass
        monkeypatch.setattr(locks, "IMPORT_WAIT_S", 0.0)
        with pytest.raises(ModelError, match="Another model is being imported"), locks.import_lock(folder):
            pass
    with locks.import_lock(folder):
        pass
