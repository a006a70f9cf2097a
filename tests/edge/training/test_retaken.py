"""A plate straightened by its text's corners for training is the view of a second glance."""

from __future__ import annotations

import numpy as np
import pytest

from edge.plates.corners import INPUT_PX, straightened_text
from edge.plates.glances import MARGINS
from edge.training.pool import SHARE_RETAKEN, Series
from edge.training.retaken import retaken
from edge.training.samples import decoded, plate_sample, sample


def test_it_shows_what_the_second_glance_shows() -> None:
    one = plate_sample(np.random.default_rng(4), "one_line", 140, frozenset(), 0.0, share_loose=1.0)
    assert one.text_box is not None
    again = decoded(retaken(one, np.random.default_rng(1))).astype(np.float32)
    glances = [straightened_text(decoded(one), one.text_box, margin) for margin in MARGINS]
    assert again.shape == INPUT_PX[::-1]
    alike = [np.corrcoef(again.ravel(), glance.ravel())[0, 1] for glance in glances]
    assert max(alike) > 0.6


def test_what_holds_no_plate_cannot_be_retaken() -> None:
    nothing = next(one for one in (sample(2, n) for n in range(200)) if not one.text)
    with pytest.raises(ValueError, match="whole plate"):
        retaken(nothing, np.random.default_rng(1))


def test_a_share_of_a_series_is_retaken_and_stays_the_same() -> None:
    (drawn,), (again,) = (list(Series(6, 0, 200, frozenset()).drawn()) for _ in range(2))
    assert drawn == again
    plates = [one for one in drawn.values() if one.text]
    share = sum(decoded(one).shape == INPUT_PX[::-1] for one in plates) / len(plates)
    assert abs(share - SHARE_RETAKEN) < 0.12
