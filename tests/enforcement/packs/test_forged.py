"""Whoever holds the pack key and the software still cannot pass off what no unit signed, nor another log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy.orm import Session

from enforcement.packs.errors import PackBroken
from enforcement.packs.gathering import gather
from enforcement.packs.making import pack_bytes
from enforcement.packs.material import Material
from enforcement.packs.verifying import verify_pack
from tests.enforcement.packs.court import NOW, Court
from tests.enforcement.packs.repacking import flipped

Forgery = Callable[[Material], Material]


@pytest.fixture(scope="module")
def material(approved: Court) -> Material:
    with Session(approved.engine) as session:
        return gather(session, approved.sources, 1, officer="4711", now=NOW)


def _other_picture(material: Material) -> Material:
    pictures = {**material.entry.pictures, "plate": material.exit.pictures["plate"]}
    return replace(material, entry=replace(material.entry, pictures=pictures))


def _other_time(material: Material) -> Material:
    envelope = material.exit.envelope
    return replace(material, exit=replace(material.exit, envelope=flipped(envelope, 60)))


def _other_units_clock(material: Material) -> Material:
    return replace(material, entry=replace(material.entry, clock=material.exit.clock))


def _other_reason(material: Material) -> Material:
    first, *rest = material.audit.entries
    entries = (msgspec.structs.replace(first, reason="another reason"), *rest)
    return replace(material, audit=msgspec.structs.replace(material.audit, entries=entries))


def _entry_of_no_chain(material: Material) -> Material:
    links = (*material.audit.links[:-1], "0" * 64)
    return replace(material, audit=msgspec.structs.replace(material.audit, links=links))


def _log_cut_off(material: Material) -> Material:
    audit = msgspec.structs.replace(material.audit, links=material.audit.links[:-1])
    return replace(material, audit=audit)


def _no_entries(material: Material) -> Material:
    return replace(material, audit=msgspec.structs.replace(material.audit, entries=()))


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (_other_picture, r"entry/plate\.jpg is not the picture that the camera unit hashed and signed"),
        (_other_time, "a message in exit/ is not what its unit signed"),
        (_other_units_clock, "a message in entry/ is not what its unit signed"),
        (_other_reason, "entry 1 of the audit extract does not fit its chain"),
        (_entry_of_no_chain, r"entry \d+ of the audit extract does not fit its chain"),
        (_log_cut_off, "does not reach from the case's first entry to the log's end"),
        (_no_entries, "does not reach from the case's first entry to the log's end"),
    ],
)
def test_a_forgery_is_found(approved: Court, material: Material, forge: Forgery, words: str) -> None:
    with pytest.raises(PackBroken, match=words):
        verify_pack(pack_bytes(forge(material), approved.key))


def test_the_same_material_gives_the_same_bytes(approved: Court, material: Material, pack: bytes) -> None:
    assert pack_bytes(material, approved.key) == pack_bytes(material, approved.key) == pack
