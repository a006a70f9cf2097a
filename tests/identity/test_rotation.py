"""Certificates and envelope keys that follow each other while the unit goes on."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import BadSignature
from config.link import Certificate, load_public_key, read_certificate, read_issued, replace_whole
from config.settings import Broker, Tls
from config.wire import open_envelope, topic_for
from ingest.database.opening import open_database, reading
from ingest.intake.keys import agent_keys
from ingest.tables import PASSAGES
from tests.identity.installation import Installation, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import passage


def test_an_envelope_key_is_rotated_without_a_passage_lost(centre: Installation) -> None:
    agent_id, topic = "turning", topic_for("turning", "passage")
    centre.enrol(agent_id)
    old = SigningUnit.of(centre.folder, agent_id)
    centre.enrol(agent_id, "--next")
    assert SigningUnit.of(centre.folder, agent_id).key.key_id == old.key.key_id, "used before it was told to"
    following = SigningUnit.of(centre.folder, agent_id, "signing-key.next.pem")
    with Knocker(centre.address(agent_id), agent_id).inside() as knocker:
        for name, unit in (("by the old", old), ("by the next", following)):
            knocker.send(topic, unit.sealed(passage(name, agent_id=agent_id)))
        wait_for("both", lambda: ids("by the old", "by the next") <= centre.stored().keys())
        centre.edge("key", agent_id, "--use-next")
        now = SigningUnit.of(centre.folder, agent_id)
        assert now.key.key_id == following.key.key_id
        assert "still let in by another key" in centre.enforce("keys", "revoke", old.key.key_id)
        before = centre.ended("quarantined_revoked_key")
        late = old.sealed(passage("late", agent_id=agent_id))
        wait_for("the key's end", lambda: sent_in_vain(centre, knocker, topic, late, before))
        knocker.send(topic, now.sealed(passage("after", agent_id=agent_id)))
        wait_for("the passage after", lambda: ids("after") <= centre.stored().keys())
        assert not knocker.lost.is_set(), "a rotation must not end the session"
    assert "no next key waits" in centre.edge("key", agent_id, "--use-next", code=2)


def sent_in_vain(centre: Installation, knocker: Knocker, topic: str, raw: bytes, before: float) -> bool:
    """Send once more; whether it was refused by now. The same bytes again are one passage."""
    knocker.send(topic, raw)
    return centre.ended("quarantined_revoked_key") > before


def ids(*names: str) -> set[str]:
    """Ids of the passages with these names."""
    return {passage(name).passage_id for name in names}


def test_a_stored_row_proves_for_ever_who_has_signed_it(centre: Installation) -> None:
    """Raw bytes and signature are in the row; a revoked key still says what was signed by it."""
    agent_id = "proving"
    centre.enrol(agent_id)
    unit, sent = SigningUnit.of(centre.folder, agent_id), passage("proved", agent_id="proving")
    sealed = unit.sealed(sent)
    with Knocker(centre.address(agent_id), agent_id).inside() as knocker:
        knocker.send(topic_for(agent_id, "passage"), sealed)
        wait_for("the passage", lambda: sent.passage_id in centre.stored())
    centre.enforce("keys", "revoke", agent_id)
    engine = open_database(centre.database_url)
    with Session(reading(engine)) as session:
        raw = session.scalars(select(PASSAGES.c.raw).where(PASSAGES.c.passage_id == sent.passage_id)).one()
        keys = dict(load_public_key(key.public_jwk) for key in agent_keys(session, "demo"))
    engine.dispose()
    assert raw == sealed
    assert open_envelope(raw, keys.get).header.kid == unit.key.key_id
    at = raw.index(b'"payload":"') + 40
    with pytest.raises(BadSignature):
        open_envelope(raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :], keys.get)


def test_a_renewed_certificate_is_taken_at_the_next_connection_without_a_restart(
    centre: Installation,
) -> None:
    agent_id = "renewing"
    centre.enrol(agent_id)
    where = centre.folder / agent_id / "unit.pem"
    first = read_certificate(where)
    with Knocker(centre.address(agent_id), agent_id).inside() as knocker:
        told = centre.pki_command("renew", "--within", "366", "--days", "500")
        (renewed,) = [each for each in issued_to(centre, agent_id) if each.serial != first.serial]
        assert f"is for {agent_id}" in told
        assert renewed.parsed.public_key() == first.parsed.public_key()
        replace_whole(where, renewed.pem)
        centre.pki_command("revoke", f"{first.serial:x}")
        wait_for("the session's end", knocker.lost.is_set)
        wait_for("the unit's return with the other", lambda: knocker.connections == 2)
    assert centre.pki_command("renew", "--within", "366") == "", "what is good for long is left alone"


def test_an_unusable_file_leaves_the_certificate_that_was_read_before(centre: Installation) -> None:
    agent_id = "damaged"
    centre.enrol(agent_id)
    where = centre.folder / agent_id / "unit.pem"
    with Knocker(centre.address(agent_id), agent_id).inside() as knocker:
        where.write_text("half a certif")
        with Knocker(door(centre), agent_id).inside():
            wait_for("the session's end", knocker.lost.is_set)
        wait_for("its return", lambda: knocker.connections == 2)


def door(centre: Installation) -> Broker:
    """The services' listener, where the door takes the place of a unit."""
    tls = Tls(
        ca_file=str(centre.pki / "ca.pem"),
        certificate_file=str(centre.pki / "centre.door.pem"),
        key_file=str(centre.pki / "centre.door.key"),
    )
    address = centre.address("damaged")
    return msgspec.structs.replace(address, port=centre.services_port, tls=tls)


def issued_to(centre: Installation, name: str) -> list[Certificate]:
    """The certificates of a name."""
    return [each.certificate for each in read_issued(centre.pki) if each.certificate.name == name]


def test_the_list_of_keys_and_certificates_warns_of_a_near_end(centre: Installation) -> None:
    file = centre.folder / "ending.json"
    file.write_text(centre.edge("key", "ending"))
    centre.enforce("keys", "issue", "ending", str(file), "--days", "20")
    assert (centre.folder / "ending.pem").exists()
    listed = [line for line in centre.enforce("keys", "list").splitlines() if line.startswith("ending ")]
    assert [line.split()[1] for line in listed] == [
        SigningUnit.of(centre.folder, "ending").key.key_id,
        "certificate",
    ]
    assert "ENDS IN 20 DAYS" in listed[1]
    centre.enforce("keys", "revoke", "ending")
    listed = [line for line in centre.enforce("keys", "list").splitlines() if line.startswith("ending ")]
    assert all("revoked" in line for line in listed)
