"""The contract of a register, and what the CSV register says of a file that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import FileMistake
from enforcement.errors import RegisterUnavailable
from enforcement.register.answers import Register
from enforcement.register.csv_register import CsvRegister, read_register

PILOT = Path(__file__).parents[2] / "config" / "pilot" / "register.csv"

FILE = """# a comment
registrationNumber,typeApproval,revenueWeight,wheelplan,make,colour,taxStatus,asOf

AA19AAA,N3,44000,2 AXLE & ARTIC,DAF,RED,Taxed,2026-09-01T00:00:00+01:00
AA19BBB,,,,,,,
AA19CCC,N2,0,,"MAKER, AND SON",,Untaxed,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


Breaker = Callable[[], object]


@pytest.fixture(params=["csv"])
def register_and_fault(request: pytest.FixtureRequest, path: Path) -> tuple[Register, Breaker]:
    """Each register with AA19AAA, AA19BBB and AA19CCC in it, and a way to make it unavailable."""
    return {"csv": (CsvRegister(path), path.unlink)}[request.param]


def test_register_answers_with_what_it_knows(register_and_fault: tuple[Register, Breaker]) -> None:
    register, _ = register_and_fault
    answer = register.look_up("AA19AAA")
    assert (answer.vrm, answer.found, answer.make, answer.colour) == ("AA19AAA", True, "DAF", "RED")
    assert (answer.type_approval, answer.revenue_weight_kg) == ("N3", 44000)
    assert (answer.wheelplan, answer.tax_status) == ("2 AXLE & ARTIC", "Taxed")
    assert answer.as_of == datetime(2026, 8, 31, 23, 0, tzinfo=UTC)
    assert answer.source


def test_register_keeps_unknown_apart_from_zero(register_and_fault: tuple[Register, Breaker]) -> None:
    register, _ = register_and_fault
    bare, zero = register.look_up("AA19BBB"), register.look_up("AA19CCC")
    assert (bare.found, bare.type_approval, bare.revenue_weight_kg) == (True, None, None)
    assert zero.revenue_weight_kg == 0


def test_vehicle_that_the_register_does_not_know(register_and_fault: tuple[Register, Breaker]) -> None:
    register, _ = register_and_fault
    answer = register.look_up("ZZ99ZZZ")
    assert (answer.vrm, answer.found, answer.revenue_weight_kg) == ("ZZ99ZZZ", False, None)
    assert answer.as_of.tzinfo is not None


def test_register_that_is_away_says_so(register_and_fault: tuple[Register, Breaker]) -> None:
    register, fault = register_and_fault
    register.look_up("AA19AAA")
    fault()
    with pytest.raises(RegisterUnavailable):
        register.look_up("AA19AAA")


def test_csv_register_reads_a_changed_file_anew(path: Path) -> None:
    register = CsvRegister(path)
    assert not register.look_up("ZZ99ZZZ").found
    path.write_text(FILE + "ZZ99ZZZ,N3,18000,,,,,\n", encoding="utf-8")
    assert register.look_up("ZZ99ZZZ").revenue_weight_kg == 18000


def test_csv_register_with_a_mistake_is_unavailable(path: Path) -> None:
    path.write_text(FILE + "ZZ99ZZZ,N3,heavy,,,,,\n", encoding="utf-8")
    with pytest.raises(RegisterUnavailable, match="line 7"):
        CsvRegister(path).look_up("AA19AAA")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 0, "a heading of registrationNumber"),
        ("vrm,weight\n", 1, "a heading of registrationNumber"),
        ("registrationNumber,typeApproval,revenueWeight,make,make\n", 1, "each once"),
        (FILE + "ZZ99 ZZZ,N3,18000,,,,,\n", 7, "capitals and digits, no spaces, not 'ZZ99 ZZZ'"),
        (FILE + "ZZ99ZZZ,N3,18 t,,,,,\n", 7, "whole kilogrammes or empty, not '18 t'"),
        (FILE + "ZZ99ZZZ,N3,18000\n", 7, "8 values are expected, not 3"),
        (FILE + "ZZ99ZZZ,N3,18000,,,,,yesterday\n", 7, "a UTC time such as"),
        (FILE + "ZZ99ZZZ,N3,18000,,,,,2026-09-01\n", 7, "a UTC time such as"),
        (FILE + "AA19AAA,N3,18000,,,,,\n", 7, "AA19AAA stands twice"),
        (FILE + 'ZZ99ZZZ,"N3"x,18000,,,,,\n', 7, "not CSV"),
    ],
)
def test_mistake_names_file_line_and_expectation(path: Path, text: str, line: int, expected: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileMistake, match=expected) as caught:
        read_register(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_file_that_is_not_text(path: Path) -> None:
    path.write_bytes(b"registrationNumber\xff\n")
    with pytest.raises(FileMistake, match="not UTF-8"):
        read_register(path)


def test_pilot_register_can_be_read() -> None:
    weights = {answer.revenue_weight_kg for answer in read_register(PILOT).values()}
    assert {44000, 18000, 3500, None} <= weights
