"""What a unit hands to the centre to be let in: its public envelope key and a request for a certificate.

One JSON file: the key as a JWK (RFC 7517) with the PKCS #10 request beside it. Nothing in it is secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from config.errors import LinkError
from config.link.signing import load_public_key, own_key_id, public_text
from config.wire.envelope import SigningKey

_REQUEST = "certificate_request"


@dataclass(frozen=True)
class Enrolment:
    """A unit's public key by its id, as JWK, and its certificate request in PEM where it uses TLS."""

    key_id: str
    public_jwk: str
    certificate_request: str | None


def enrolment_text(key: SigningKey, certificate_request: str | None) -> str:
    """The file's text."""
    fields = json.loads(public_text(key))
    if certificate_request is not None:
        fields[_REQUEST] = certificate_request
    return json.dumps(fields, sort_keys=True)


def read_enrolment(text: str, owner: str) -> Enrolment:
    """What a unit called `owner` hands in. Raises LinkError where it is another's, or not one at all."""
    try:
        fields = json.loads(text)
        request = fields.pop(_REQUEST, None)
    except (ValueError, AttributeError) as error:
        raise LinkError("not a unit's file; have it written by: hgv-edge key --config FILE") from error
    public_jwk = json.dumps(fields, sort_keys=True)
    key_id, key = load_public_key(public_jwk)
    if key_id != own_key_id(owner, key):
        raise LinkError(
            f"the key calls itself {key_id}, so it is not {owner}'s; use the file of this very unit"
        )
    if request is not None and not isinstance(request, str):
        raise LinkError("the certificate request must be a text in PEM; have the file written again")
    return Enrolment(key_id, public_jwk, request)
