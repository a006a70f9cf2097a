"""The originals of a pack by name, with what each is. Names are the same in every pack."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from config.link import public_text
from config.wire import SigningKey
from enforcement.packs.manifest import PACK_KEY
from enforcement.packs.material import Material, PassageMaterial
from enforcement.packs.plan import PlanCamera, grid_place, plan_svg, restricted_roads

ENVELOPE, UNIT_KEY = "passage.jws.json", "unit-key.jwk.json"
EXTRACT = "audit/extract.json"
PLAN = "order/plan.svg"
ENDS = ("entry", "exit")
HEARTBEAT = "heartbeat"

_READ_ME = """How to check this pack

    hgv-enforce pack verify FILE.zip --key PUBLIC-KEY.json

needs nothing but this file and the force's public key, which the force prints with `hgv-enforce pack key`.
Without --key the key inside the pack is used; then compare its name with the one that the force gives you.

By hand: manifest.json lists each file with its SHA-256 (sha256sum). manifest.jws.json holds the same list,
signed with Ed25519 as a JSON Web Signature (RFC 7515, flattened JSON); pack-key.jwk.json is the public key.
In entry/ and exit/, passage.jws.json and the heartbeats are what the camera unit signed at the roadside, and
unit-key.jwk.json is the unit's public key. The hashes of the pictures stand inside passage.jws.json.
"""


@dataclass(frozen=True)
class Member:
    """One file of the pack."""

    name: str
    what: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its hash in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def members(material: Material, key: SigningKey) -> tuple[Member, ...]:
    """Every member but the bundle, the manifest and its signature."""
    return (
        Member("README.txt", "How to check this pack", _READ_ME.encode()),
        *_order(material),
        *(part for end, passage in material.ends for part in _passage(end, passage)),
        *_case(material),
        *(Member(sent.name, f"Letter as sent ({sent.letter.kind})", sent.pdf) for sent in material.letters),
        Member(EXTRACT, "Extract of the audit log with its hash chain", _json(material.audit)),
        Member("unused/schedule.json", "Schedule of unused material", _json(material.unused)),
        Member(PACK_KEY, "The force's public key for packs", public_text(key).encode() + b"\n"),
    )


def plan_cameras(material: Material) -> tuple[tuple[PlanCamera, PassageMaterial], ...]:
    """The camera of the way in as A, that of the way out as B, where their units signed that they stood."""
    return tuple(
        (PlanCamera(letter, *grid_place(passage.record.latitude, passage.record.longitude)), passage)
        for letter, (_, passage) in zip("AB", material.ends, strict=True)
    )


def _order(material: Material) -> Iterator[Member]:
    yield Member("order/order.json", "The order's version in force", _json(material.case.order))
    plan = plan_svg(restricted_roads(material.case.order), [each for each, _ in plan_cameras(material)])
    yield Member(PLAN, "Plan of the restricted road and the cameras", plan.encode())


def _passage(end: str, passage: PassageMaterial) -> Iterator[Member]:
    words = {"entry": "on the way in", "exit": "on the way out"}[end]
    yield Member(f"{end}/{ENVELOPE}", f"The passage {words} as the unit signed it", passage.envelope)
    yield Member(f"{end}/{UNIT_KEY}", f"Public key of the unit {words}", passage.key.public_jwk.encode())
    for kind, jpeg in passage.pictures.items():
        yield Member(f"{end}/{kind}.jpg", f"{kind.capitalize()} picture {words}", jpeg)
    for n, beat in enumerate(passage.clock, start=1):
        yield Member(f"{end}/{HEARTBEAT}-{n}.jws.json", f"Heartbeat {n} around the passage {words}", beat.raw)
    yield Member(f"{end}/site.json", f"The camera's place {words}", _json(passage.site))


def _case(material: Material) -> Iterator[Member]:
    case = material.case
    yield Member("case/transit.json", "The conclusion from the two passages", _json(case.transit))
    yield Member("case/reasons.json", "Why this is a case", _json(case.reasons))
    yield Member("case/register.json", "The register's answer", _json(case.register))
    if material.keeper is not None:
        yield Member(
            "case/keeper.json", "The keeper at the offence, from the force's file", _json(material.keeper)
        )
    yield Member("case/decisions.json", "Decisions of officers and steps of the case", _json(case.decisions))


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"
