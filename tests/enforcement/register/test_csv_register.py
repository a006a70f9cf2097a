"""The CSV register: the contract of registers, and what it says of a file that is wrong."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import FileMistake
from enforcement.errors import RegisterUnavailable
from enforcement.register.csv_register import CsvRegister, read_register
from tests.enforcement.register_contract import KNOWN, LATEST, RegisterContract, Subject

PILOT = Path(__file__).parents[3] / "config" / "pilot" / "register.csv"

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


class TestContract(RegisterContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        path = tmp_path / "contract.csv"
        lines = [
            f'{vrm},{kind or ""},{"" if kg is None else kg},"{make or ""}"' for vrm, kind, kg, make in KNOWN
        ]
        path.write_text("\n".join(["registrationNumber,typeApproval,revenueWeight,make", *lines]), "utf-8")
        os.utime(path, (LATEST.timestamp(), LATEST.timestamp()))
        return Subject(CsvRegister(path), path.unlink)


def test_csv_register_gives_all_that_its_line_says(path: Path) -> None:
    answer = CsvRegister(path).look_up("AA19AAA")
    assert (answer.colour, answer.wheelplan, answer.tax_status) == ("RED", "2 AXLE & ARTIC", "Taxed")
    assert answer.as_of == datetime(2026, 8, 31, 23, 0, tzinfo=UTC)


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
