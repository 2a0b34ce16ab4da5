"""RapidOCR: PP-OCR's detection and recognition on ONNX Runtime, for pages turned by any quarter and a little askew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.documents.ocr.engines import DETECTION, RECOGNITION, model_folder
from hxd_desktop.engine.documents.ocr.layout import Piece, arrange
from hxd_desktop.engine.documents.ocr.model import ScanLine
from hxd_desktop.engine.workers.onnx_threads import let_threads_sleep

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DETECTION_SIDE = 1600  # pixels: lines are found on a smaller picture than they are read from
_SAMPLE_LINES = 3  # read to tell which way is up
_UPRIGHT_SCORE = 0.9  # lines that are upside down are read with about 0.6
_LEAST_SCORE = 0.4  # below it is no text
_TALL = 1.5


class RapidEngine:
    """Reads pictures of pages; one at a time."""

    def __init__(self) -> None:
        let_threads_sleep()
        from rapidocr import RapidOCR

        folder = model_folder()
        assert folder is not None
        # Named models are never fetched.
        parameters = {
            "Global.log_level": "critical",
            "Det.model_path": str(folder / DETECTION),
            "Rec.model_path": str(folder / RECOGNITION),
        }
        engine = RapidOCR(params=parameters)
        self._detect: Any = engine._load_det_model()
        self._recognise: Any = engine._load_rec_model()

    def read(self, image: NDArray[np.uint8]) -> list[ScanLine]:
        """Return the lines on a picture, in reading order. `image`: height x width x 3, RGB."""
        import numpy as np

        image = np.ascontiguousarray(image[:, :, ::-1])
        height, width = image.shape[:2]
        quads = self._quads(image)
        if not len(quads):
            return []
        turns = self._turns(image, quads)
        texts = self._texts(image, quads, turns)
        upright = _upright(quads, turns, width, height)
        pieces = [
            Piece(
                text,
                score,
                tuple((float(x), float(y)) for x, y in corners),  # type: ignore[arg-type]
                (
                    float(quad[:, 0].min()) / width,
                    float(quad[:, 1].min()) / height,
                    float(quad[:, 0].max()) / width,
                    float(quad[:, 1].max()) / height,
                ),
            )
            for quad, corners, (text, score) in zip(quads, upright, texts, strict=True)
            if score >= _LEAST_SCORE
        ]
        return arrange(pieces, max(width, height))

    def _quads(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the corners of the stretches of text, (n, 4, 2), from the top left clockwise."""
        import cv2
        import numpy as np

        scale = min(1.0, _DETECTION_SIDE / max(image.shape[:2]))
        small = image if scale == 1.0 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        boxes = self._detect(small).boxes
        return np.empty((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32) / scale

    def _turns(self, image: NDArray[np.uint8], quads: NDArray[np.float32]) -> int:
        """Return by how many quarters the page was turned counter-clockwise, 0 to 3."""
        import numpy as np

        widths = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
        heights = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
        tall = heights[heights > _TALL * widths].sum() > widths[heights <= _TALL * widths].sum()
        longest = np.argsort(-np.maximum(widths, heights))[:_SAMPLE_LINES]
        first, second = (1, 3) if tall else (0, 2)
        score = self._mean_score(image, quads[longest], first)
        if score >= _UPRIGHT_SCORE or self._mean_score(image, quads[longest], second) <= score:
            return first
        return second

    def _mean_score(self, image: NDArray[np.uint8], quads: NDArray[np.float32], turns: int) -> float:
        texts = self._texts(image, quads, turns)
        return sum(score for _, score in texts) / len(texts)

    def _texts(self, image: NDArray[np.uint8], quads: NDArray[np.float32], turns: int) -> list[tuple[str, float]]:
        import numpy as np
        from rapidocr.ch_ppocr_rec import TextRecInput

        crops = [_crop(image, corners) for corners in np.roll(quads, turns, axis=1)]
        found = self._recognise(TextRecInput(img=crops))
        return [(str(text), float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


def _crop(image: NDArray[np.uint8], corners: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a stretch of text as a straight picture."""
    import cv2
    import numpy as np

    width = max(int(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2]))), 1)
    height = max(int(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2]))), 1)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), target)
    flags, border = cv2.INTER_CUBIC, cv2.BORDER_REPLICATE
    cropped = cv2.warpPerspective(image, matrix, (width, height), flags=flags, borderMode=border)
    return cropped.astype(np.uint8, copy=False)


def _upright(quads: NDArray[np.float32], turns: int, width: int, height: int) -> Sequence[NDArray[np.float32]]:
    """Return the corners as they would stand on the page turned upright, from the text's own top left."""
    import numpy as np

    x, y = quads[:, :, 0], quads[:, :, 1]
    turned = ((x, y), (height - y, x), (width - x, height - y), (y, width - x))[turns]
    return list(np.roll(np.stack(turned, axis=2), turns, axis=1))
