"""No secret stands in any log or in what a command prints, whatever goes wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import structlog
from joserfc.jwk import OKPKey

import ingest.cli
from config.link import log_to, public_text
from config.wire import SigningKey, topic_for
from tests.identity.installation import Installation, said, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import passage

PASSWORD = "correct-horse-battery"


def secrets_in(folder: Path) -> set[str]:
    """The lines of all private keys in a folder, and the scalars of its envelope keys."""
    found = set()
    for path in folder.rglob("*"):
        text = path.read_bytes().decode("latin-1") if path.is_file() else ""
        if "PRIVATE KEY" in text and path.suffix in (".pem", ".key"):
            found |= {line for line in text.splitlines() if "-----" not in line}
            if path.name.startswith(("signing-key", "receipt-key")):
                found.add(str(OKPKey.import_key(text.encode()).as_dict(private=True)["d"]))
    return found


def test_no_key_is_in_any_log_after_a_units_whole_life(centre: Installation) -> None:
    """Let in, heard, forged, rotated, damaged, revoked: then every log and every word printed is searched."""
    printed = []
    centre.enrol("unit-1")
    unit, topic = SigningUnit.of(centre.folder, "unit-1"), topic_for("unit-1", "passage")
    with Knocker(centre.address("unit-1"), "unit-1").inside() as knocker:
        knocker.send(topic, unit.sealed(passage("one")))
        forger = SigningKey(unit.key.key_id, OKPKey.generate_key("Ed25519"))
        knocker.send(topic, unit.sealed(passage("two"), forger))
        leaked = json.dumps(unit.key.key.as_dict(private=True)).encode()
        knocker.send(topic, leaked)
        wait_for("the quarantine", lambda: len(centre.quarantine()) == 2)
        printed += [centre.edge("key", "unit-1", "--next"), centre.edge("key", "unit-1", "--use-next")]
        printed += [centre.enforce("keys", "list"), centre.enforce("keys", "revoke", "unit-1")]
        wait_for("the session's end", knocker.lost.is_set)
    printed += [centre.edge("key", "unit-1"), centre.pki_command("list"), quarantine_list(centre)]
    secrets = secrets_in(centre.folder) | {str(unit.key.key.as_dict(private=True)["d"])}
    assert len(secrets) >= 15, "there must be something to find"
    logs = {path.name: path.read_text() for path in centre.folder.glob("*.log")}
    assert {"door.log", "ingest.log"} <= logs.keys()
    for name, text in {**logs, "printed": "\n".join(printed)}.items():
        assert [secret for secret in secrets if secret in text] == [], f"{name} holds a secret"


def quarantine_list(centre: Installation) -> str:
    return said(ingest.cli.main, "--config", str(centre.folder / "ingest.yaml"), "quarantine", "list")


@pytest.mark.parametrize("where", ["a private key", "a key of another kind"])
def test_a_private_key_handed_in_by_mistake_is_refused_and_not_repeated(
    centre: Installation, tmp_path: Path, where: str
) -> None:
    key = OKPKey.generate_key("Ed25519" if where == "a private key" else "X25519")
    fields = {**key.as_dict(private=True), "kid": f"unit-7:{key.thumbprint()}"}
    file = tmp_path / "unit-7.json"
    file.write_text(json.dumps(fields))
    told = centre.enforce("keys", "issue", "unit-7", str(file), code=2)
    assert str(fields["d"]) not in told
    assert "private half" in told


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://hgv:{PASSWORD}@127.0.0.1:1/hgv",
        f"nonsense://hgv:{PASSWORD}@127.0.0.1:1/hgv",
        f"hgv:{PASSWORD}@127.0.0.1",
    ],
)
@pytest.mark.parametrize("program", ["ingest", "enforce"])
def test_a_databases_password_is_not_repeated_when_it_is_not_reached(
    centre: Installation, monkeypatch: pytest.MonkeyPatch, program: str, url: str
) -> None:
    monkeypatch.setenv("HGV_DATABASE_URL", url)
    if program == "enforce":
        told = centre.enforce("keys", "list", code=2)
    else:
        told = said(ingest.cli.main, "--config", str(centre.folder / "ingest.yaml"), "status", code=2)
    assert "cannot be opened" in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    "text",
    [
        f"rtsp://camera:{PASSWORD}@10.0.0.9/stream cannot be opened",
        f"rtsp://camera:{PASSWORD}@with@at@10.0.0.9/stream",
        f"connection to postgresql://hgv:{PASSWORD}@db/hgv failed",
        f"password={PASSWORD} host=db",
        f'{{"password": "{PASSWORD}"}}',
        f"x-api-key: {PASSWORD}",
        f"-----BEGIN PRIVATE KEY-----\n{PASSWORD}\n-----END PRIVATE KEY-----",
        f"-----BEGIN EC PRIVATE KEY-----\n{PASSWORD}",
        f'{{"crv": "Ed25519", "d": "{PASSWORD}", "x": "public"}}',
    ],
)
def test_a_secret_in_a_librarys_words_is_blotted_out_of_the_log(text: str) -> None:
    stream = io.StringIO()
    log_to(stream, "test")
    log = structlog.get_logger()
    log.error("said", error=text, many=[text, {"deep": text}], odd=Path(text))
    try:
        raise OSError(text)
    except OSError:
        log.exception("raised")
    log.error(text)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert PASSWORD not in stream.getvalue()
    assert [json.loads(line)["process"] for line in lines] == ["test"] * 3


def test_what_is_no_secret_is_left_as_it_is() -> None:
    stream = io.StringIO()
    log_to(stream, "test")
    key = SigningKey("unit-1:x", OKPKey.generate_key("Ed25519"))
    fields = {"topic": "hgv/v1/unit-1/passage", "count": 3, "key": public_text(key), "at": "12:30:00+00:00"}
    structlog.get_logger().info("kept", **fields)
    logged = json.loads(stream.getvalue())
    assert {name: logged[name] for name in fields} == fields
