"""Whether the language model is asked for more than the answer: what is cheap on a graphics card is not without one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hxd_desktop.engine.errors import ModelError

if TYPE_CHECKING:
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.models.protocols import Generator

log = logging.getLogger(__name__)


def wanted(mode: str, generator: Generator | None, cancel: CancelToken) -> bool:
    """Whether `mode` asks for it: "auto" does where the model runs on a graphics card, and loads it to know.

    A model that cannot be loaded is not asked for more; the answer will say what is wrong with it.

    Raises:
        Cancelled: `cancel` was set while it was loaded.
    """
    if generator is None or mode == "off":
        return False
    if mode == "on":
        return True
    try:
        return generator.info(cancel).device != "cpu"
    except ModelError as error:
        log.info("no device is known: %s", error)
        return False
