"""Keys on disk, TLS files and the metrics port: what is set up, and what a mistake says."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from config.errors import LinkError
from config.link import load_or_make_key, load_public_key, new_client, public_text, serve_metrics
from config.settings import Broker, Metrics, Tls


def test_a_key_is_made_once_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "unit" / "key.pem"
    made = load_or_make_key(path, "unit-1")
    assert load_or_make_key(path, "unit-1").key_id == made.key_id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_public_text_holds_no_private_part(tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "key.pem", "unit-1")
    text = public_text(key)
    assert "d" not in json.loads(text)
    key_id, public = load_public_key(text)
    assert key_id == key.key_id
    assert not public.is_private


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    with pytest.raises(LinkError, match=r"key\.pem"):
        load_or_make_key(path, "unit-1")


@pytest.mark.parametrize("text", ["", "{}", '{"kid": "a", "kty": "OKP"}', "[]"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(LinkError, match="JWK"):
        load_public_key(text)


def test_missing_certificate_files_are_named(tmp_path: Path) -> None:
    tls = Tls(ca_file=str(tmp_path / "ca.pem"), certificate_file="c.pem", key_file="k.pem")
    with pytest.raises(LinkError, match=r"ca\.pem"):
        new_client(Broker(tls=tls), "unit-1")


def test_a_taken_metrics_port_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LinkError, match="choose another port"):
            serve_metrics(Metrics(port=port), CollectorRegistry())
