"""Pictures of lines to what they say, by the model of the extra `ocr`, which is told to fetch nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from foi_etl.extract.paper.ink import Box

_STROKES: Final = frozenset("一二—–-_丨")
_BEHIND_FIGURES: Final = re.compile(r"(?<=\d)一$")
_NARROW: Final = 0x2FF
_ROOM, _SPARE = 1.25, 0.35
"""Letters that fit a line: so many for each time that it is as wide as high, and a part of one."""
_MODEL: Final = "_load_rec_model"
_LEAST_LINE: Final = (3, 48, 96)
"""Colours, height and least width of what the model is shown: by itself it pads every figure to 320 dots."""


def recognise(pictures: Sequence[Any]) -> list[tuple[str, float]]:
    """What each picture of a line says, and how sure the model is."""
    import cv2  # noqa: PLC0415 - an extra

    if not pictures:
        return []
    coloured = [cv2.cvtColor(_roomy(one), cv2.COLOR_GRAY2BGR) for one in pictures]
    texts, scores = _recogniser()(coloured)
    return [(text, round(float(score), 4)) for text, score in zip(texts, scores, strict=True)]


def _roomy(picture: Any) -> Any:
    """A picture with paper around it: models were taught on lines, not on lone digits cut out tightly."""
    import cv2  # noqa: PLC0415 - an extra
    import numpy as np  # noqa: PLC0415 - heavy

    height, width = picture.shape
    side = max(height // 4, (2 * height - width) // 2, 2)
    paper = int(np.percentile(picture, 80))
    edge = height // 8
    return cv2.copyMakeBorder(picture, edge, edge, side, side, cv2.BORDER_CONSTANT, value=paper)


@cache
def _recogniser() -> Callable[[Sequence[Any]], tuple[Sequence[str], Sequence[float]]]:
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra
    from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415 - as above

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Rec.rec_img_shape": list(_LEAST_LINE),
            "Rec.rec_batch_num": 1,
        }
    )
    model = getattr(engine, _MODEL)()  # one line at a time has no public door

    def said(pictures: Sequence[Any]) -> tuple[Sequence[str], Sequence[float]]:
        found = model(TextRecInput(img=list(pictures)))
        return found.txts or (), found.scores or ()

    return said


def fitting(text: str, place: Box) -> str:
    """A text without the strokes at its ends for which its line has no room: edges that were read as 一.

    Right behind figures 一 is the upper edge of what stands beneath: no number is written so.
    """
    text = _BEHIND_FIGURES.sub("", text)
    room = _ROOM * (place.x1 - place.x0) / max(1.0, place.bottom - place.top) + _SPARE
    while len(text) > 1 and sum(1.0 if ord(one) > _NARROW else 0.5 for one in text) > room:
        if text[-1] in _STROKES:
            text = text[:-1]
        elif text[0] in _STROKES:
            text = text[1:]
        else:
            break
    return text
