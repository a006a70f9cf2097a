"""Each situation on the road comes to what the law and the practice say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pairing.conclusions import conclude, seeing_by, seen_of
from ingest.pairing.match import Seen
from ingest.values import TransitRecord
from tests.ingest.county_roads import LAW, instant, seeing
from tests.ingest.situations import SITUATIONS, Situation


def seen_in(situation: Situation) -> list[Seen]:
    return [
        seen
        for passed in situation.who()
        if (seen := seen_of(passed.passage(), 10.0, doubted=False)) is not None
    ]


def concluded(situation: Situation, passages: list[Seen]) -> list[TransitRecord]:
    watched = seeing_by(seeing(situation.day, situation.outages))
    found = conclude(passages, LAW, watched, instant(situation.day, "90:00:00"))
    return sorted((each for transits in found.values() for each in transits), key=lambda t: t.transit_id)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_situation_comes_to(name: str) -> None:
    situation = SITUATIONS[name]
    found = concluded(situation, seen_in(situation))
    assert sorted(f"{each.conclusion} {each.reasons[0].code}" for each in found) == sorted(situation.expected)


@given(st.sampled_from(sorted(SITUATIONS)), st.randoms(use_true_random=False))
def test_the_order_of_passages_does_not_matter(name: str, chance: random.Random) -> None:
    situation = SITUATIONS[name]
    shuffled = seen_in(situation)
    chance.shuffle(shuffled)
    assert concluded(situation, shuffled) == concluded(situation, seen_in(situation))


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_person_can_follow_every_conclusion(name: str) -> None:
    """Which sightings, when, by which order; and for a pair the window, who measured it, and the clocks."""
    situation = SITUATIONS[name]
    for transit in concluded(situation, seen_in(situation)):
        codes = [reason.code for reason in transit.reasons]
        ends = (transit.entry_passage_id, transit.exit_passage_id)
        named = {
            str(reason.facts["passage_id"]) for reason in transit.reasons if "passage_id" in reason.facts
        }
        assert named == {each for each in ends if each is not None}
        assert codes[-1] == "order"
        assert all(reason.text.endswith(".") for reason in transit.reasons)
        if None not in ends:
            assert {"went_in", "came_out", "clocks"} < {*codes}
            assert ("window" in codes) is (codes[0] != "turned_round" and not _same_site(transit))


def _same_site(transit: TransitRecord) -> bool:
    sites = {reason.facts["site"] for reason in transit.reasons if reason.code in ("went_in", "came_out")}
    return len(sites) == 1


def test_the_steps_are_words_and_figures() -> None:
    """One in full, as the console prints it."""
    (transit,) = concluded(SITUATIONS["longest drive"], seen_in(SITUATIONS["longest drive"]))
    assert [reason.text for reason in transit.reasons] == [
        "Entry and exit lie as far apart as driving through takes, without time to load or deliver.",
        "Seen going in: The west end, at 13:00:00 on 6 October 2026.",
        "Seen coming out: The north end, at 13:10:00 on 6 October 2026.",
        "Driving straight through takes 45 s to 10 min, both included, by the calibration of 2026-01-02 by "
        "Sergeant Sample.",
        "The two clocks together were right to within 0 s.",
        "Judged by version 1 of The (village) Order, the one that stood then.",
    ]
    assert transit.reasons[0].facts["elapsed_s"] == 600


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    situation = SITUATIONS["when clocks go back"]
    (transit,) = concluded(situation, seen_in(situation))
    texts = [reason.text for reason in transit.reasons if reason.code in ("went_in", "came_out")]
    assert ["01:58:00 BST" in texts[0], "01:02:00 GMT" in texts[1]] == [True, True]


def test_what_was_seen_inside_does_not_part_entry_and_exit() -> None:
    """A van down the ridge saw it between the ends."""
    situation = Situation(
        ("12:00:00 top in AB12CDE", "12:01:00 layby in AB12CDE down", "12:03:00 layby out AB12CDE"), ()
    )
    (transit,) = concluded(situation, seen_in(situation))
    codes = [reason.code for reason in transit.reasons]
    assert (transit.conclusion, "seen_inside" in codes) == ("through", True)


def test_a_close_pair_keeps_both_reads() -> None:
    situation = SITUATIONS["B for 8"]
    (close,) = [each for each in concluded(situation, seen_in(situation)) if each.conclusion == "close"]
    assert (close.vrm, close.exit_vrm, close.elapsed_s) == ("AB12CDE", "A812CDE", 300)
    assert close.reasons[0].facts["confusable_distance"] == 0.5
    assert "AB12 CDE" in close.reasons[0].text
