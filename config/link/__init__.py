"""The only place that sets up MQTT, TLS, signing, logs and metrics."""

from config.link.certificate_authority import CertificateAuthority, make_authority
from config.link.certificates import (
    NEAR_DAYS,
    Certificate,
    fits_key,
    load_or_make_tls_key,
    read_certificate,
    request_for,
)
from config.link.deliveries import Delivery
from config.link.enrolment import Enrolment, enrolment_text, read_enrolment
from config.link.issued import ISSUED_FOLDER, REVOKED_FILE, Issued, read_issued
from config.link.logs import log_to, set_up_logs
from config.link.metrics import serve_metrics
from config.link.mqtt import Will, connect, leave, new_client, set_will, tls_context
from config.link.private_files import replace_whole
from config.link.signing import load_or_make_key, load_public_key, own_key_id, public_text

__all__ = [
    "ISSUED_FOLDER",
    "NEAR_DAYS",
    "REVOKED_FILE",
    "Certificate",
    "CertificateAuthority",
    "Delivery",
    "Enrolment",
    "Issued",
    "Will",
    "connect",
    "enrolment_text",
    "fits_key",
    "leave",
    "load_or_make_key",
    "load_or_make_tls_key",
    "load_public_key",
    "log_to",
    "make_authority",
    "new_client",
    "own_key_id",
    "public_text",
    "read_certificate",
    "read_enrolment",
    "read_issued",
    "replace_whole",
    "request_for",
    "serve_metrics",
    "set_up_logs",
    "set_will",
    "tls_context",
]
