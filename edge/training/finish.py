"""What is on a plate besides its registration: border, band, maker's line, screws, dirt, worn ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.uint8]


def finished(plate: Grey, rng: Rng, band_px: int) -> Grey:
    """The straight drawing of a plate (grey, about 1 px a millimetre) as it hangs on a vehicle.

    `band_px` is the width of the band at its left, 0 for none: plain as the green one, or with a country's
    letters as the blue one.
    """
    picture = plate.copy()
    if band_px:
        _draw_band(picture, rng, band_px)
    _vary_ink(picture, rng)
    if rng.random() < 0.35:
        _draw_border(picture, rng)
    if rng.random() < 0.4:
        _draw_maker_line(picture, rng)
    if rng.random() < 0.4:
        _draw_screws(picture, rng)
    return _dirty(picture, rng) if rng.random() < 0.45 else picture


def rounded_mask(height: int, width: int, radius: int) -> NDArray[np.uint8]:
    """255 inside a rectangle with rounded corners, 0 outside."""
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask


def _draw_band(picture: Grey, rng: Rng, band_px: int) -> None:
    height = picture.shape[0]
    picture[:, :band_px] = int(rng.integers(30, 110))
    if rng.random() < 0.2:
        return
    level = int(rng.integers(190, 250))
    cv2.circle(picture, (band_px // 2, height // 3), band_px // 4, level, 2, cv2.LINE_AA)
    letters = ("GB", "UK", "IRL", "NI")[int(rng.choice(4, p=(0.6, 0.3, 0.05, 0.05)))]
    at = (3, height * 4 // 5)
    cv2.putText(picture, letters, at, cv2.FONT_HERSHEY_SIMPLEX, 0.75, level, 2, cv2.LINE_AA)


def _vary_ink(picture: Grey, rng: Rng) -> None:
    """Make the strokes 2 mm thicker or 2 to 4 mm thinner, as makers do, and the ink greyer with age."""
    change = rng.random()
    if change < 0.15:
        picture[:] = cv2.erode(picture, np.ones((3, 3), np.uint8))
    elif change < 0.45:
        width = 3 if change < 0.36 else 5
        picture[:] = cv2.dilate(picture, np.ones((width, width), np.uint8))
    if rng.random() < 0.3:
        picture[:] = np.maximum(picture, int(rng.integers(20, 90)))


def _draw_border(picture: Grey, rng: Rng) -> None:
    height, width = picture.shape[:2]
    inset, thickness = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    corner = (width - 1 - inset, height - 1 - inset)
    cv2.rectangle(picture, (inset, inset), corner, 20, thickness, cv2.LINE_AA)


def _draw_maker_line(picture: Grey, rng: Rng) -> None:
    """The supplier's name and postcode in small print, under the registration."""
    height, width = picture.shape[:2]
    text = "".join(chr(c) for c in rng.integers(ord("a"), ord("z") + 1, int(rng.integers(8, 26))))
    scale = float(rng.uniform(0.2, 0.36))
    (text_width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    x = int((width - text_width) * (0.5 if rng.random() < 0.7 else rng.uniform(0.1, 0.9)))
    cv2.putText(picture, text, (x, height - 4), cv2.FONT_HERSHEY_SIMPLEX, scale, 40, 1, cv2.LINE_AA)


def _draw_screws(picture: Grey, rng: Rng) -> None:
    height, width = picture.shape[:2]
    level = int(rng.choice((15, 120, 235)))
    y = int(height * rng.uniform(0.4, 0.6)) if rng.random() < 0.7 else int(rng.integers(6, 16))
    for share in rng.choice((0.06, 0.12, 0.55, 0.88, 0.94), size=2, replace=False):
        radius = int(rng.integers(3, 8))
        cv2.circle(picture, (int(share * width), y), radius, level, -1, cv2.LINE_AA)


def _dirty(picture: Grey, rng: Rng) -> Grey:
    height, width = picture.shape[:2]
    cells = rng.random((int(rng.integers(2, 7)), int(rng.integers(4, 24))), dtype=np.float32)
    cover = cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)
    cover = (cover - np.float32(rng.uniform(0.2, 0.8))) * np.float32(rng.uniform(0.5, 2))
    cover = np.clip(cover, 0, np.float32(rng.uniform(0.2, 0.75)))
    mud = np.float32(rng.integers(40, 150))
    return np.asarray(picture + (mud - picture) * cover, np.uint8)
