"""The grammar of registrations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vrm import Format, confusable_distance, fit, format_of, normalise, spaced

READ_AND_FITTED = [
    ("AO12ABC", "AO12ABC", Format.CURRENT),
    ("A012ABC", "AO12ABC", Format.CURRENT),
    ("AB1O OLL", "AB10OLL", Format.CURRENT),
    ("AB51 0O0", "AB51OOO", Format.CURRENT),
    ("M9OOXYZ", "M900XYZ", Format.PREFIX),
    ("Q123ABC", "Q123ABC", Format.PREFIX),
    ("ABC1O1D", "ABC101D", Format.SUFFIX),
    ("A1Z1234", "AIZ1234", Format.NORTHERN_IRISH),
    ("1OOD234", "100D234", Format.DIPLOMATIC),
    ("A1", "A1", Format.DATELESS),
    ("AI", "A1", Format.DATELESS),
    ("12O45", "12045", Format.TRADE),
]


@pytest.mark.parametrize(("read", "vrm", "format_"), READ_AND_FITTED)
def test_only_the_position_decides_between_o_and_zero_and_i_and_one(
    read: str, vrm: str, format_: Format
) -> None:
    fitted = fit(read)
    assert (fitted.vrm, fitted.format) == (vrm, format_)


@pytest.mark.parametrize(
    "read",
    ["AB12CD", "AQ12ABC", "AB12ABI", "AB00ABC", "AB01ABC", "A12345678", "", "LOVE", "01632960123", "I123ABC"],
)
def test_what_fits_no_format_gives_no_vrm_and_a_reason(read: str) -> None:
    fitted = fit(read)
    assert fitted.vrm is None
    assert fitted.reason


def test_a_trailers_own_mark_is_never_a_vrm() -> None:
    fitted = fit("C1234567")
    assert fitted.vrm is None
    assert fitted.format is Format.TRAILER


@pytest.mark.parametrize("confused", ["A812CDE", "AB1SCDE", "AB12C0E"])
def test_a_readers_confusion_is_not_corrected(confused: str) -> None:
    """8/B and 5/S have glyphs of their own: such a read fits nothing, or keeps the character it has."""
    assert fit(confused).vrm != "AB12CDE"


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=10))
def test_fitting_changes_nothing_but_o_0_and_i_1_and_is_stable(read: str) -> None:
    vrm = fit(read).vrm
    if vrm is None:
        return
    assert format_of(vrm) is not None
    assert fit(vrm).vrm == vrm
    assert confusable_distance(read, vrm) == 0.0
    assert normalise(spaced(vrm)) == vrm


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("AB12CDE", "AB12CDE", 0.0),
        ("AB12CDE", "A812CDE", 0.5),
        ("AB12CDE", "AB12CDF", 1.0),
        ("AB12CDE", "AB12CD", 1.0),
        ("A1", "AI", 0.0),
        ("", "AB", 2.0),
    ],
)
def test_confusable_distance(a: str, b: str, distance: float) -> None:
    assert confusable_distance(a, b) == distance
    assert confusable_distance(b, a) == distance


@pytest.mark.parametrize(
    ("vrm", "written"), [("AB12CDE", "AB12 CDE"), ("M900XYZ", "M900 XYZ"), ("ABC101D", "ABC 101D")]
)
def test_a_person_sees_the_groups_apart(vrm: str, written: str) -> None:
    assert spaced(vrm) == written
