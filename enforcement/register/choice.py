"""The register that the settings name, put together from its parts."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import Engine

from config.clock import Clock
from config.settings import EnforcementSettings, Ves
from enforcement.errors import CommandRefused
from enforcement.register.answers import Register
from enforcement.register.breaker import CircuitBreaker
from enforcement.register.csv_register import CsvRegister, read_register
from enforcement.register.pacing import TokenBucket
from enforcement.register.ves import VesClient
from enforcement.register.ves_register import Terms, VesRegister

KEY_VARIABLE = "HGV_VES_KEY"

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def chosen_register(
    settings: EnforcementSettings,
    engine: Engine,
    clock: Clock,
    metrics: CollectorRegistry,
    environment: Mapping[str, str],
) -> Register:
    """The CSV file or the service. Raises FileMistake, or CommandRefused where a part is missing."""
    if settings.register == "csv":
        return _csv(settings)
    ended = Counter("hgv_register_look_ups", "Look-ups by how they ended", ["how"], registry=metrics)
    return VesRegister(
        engine=engine,
        authority=settings.authority,
        client=ves_client(settings.ves, clock, environment),
        terms=terms_of(settings.ves),
        clock=clock,
        random=random.SystemRandom().random,
        ended=ended,
    )


def _csv(settings: EnforcementSettings) -> Register:
    if settings.register_csv is None:
        raise CommandRefused("the settings name no register; give its file as 'register_csv'")
    path = Path(settings.register_csv)
    read_register(path)
    return CsvRegister(path)


def ves_client(ves: Ves, clock: Clock, environment: Mapping[str, str]) -> VesClient:
    """A client of the service as the settings describe it. Raises CommandRefused."""
    _refuse_open_road(ves.url)
    return VesClient(
        url=ves.url,
        key=_key(ves, environment),
        http=httpx.Client(),
        bucket=TokenBucket(ves.requests_per_s, ves.burst, time.monotonic, time.sleep),
        breaker=CircuitBreaker(ves.pause_after_faults, ves.pause_s, time.monotonic),
        timeout_s=ves.timeout_s,
        clock=clock,
        monotonic_s=time.monotonic,
        new_id=lambda: str(uuid.uuid4()),
    )


def terms_of(ves: Ves) -> Terms:
    """How long answers hold and look-ups wait, by the settings."""
    return Terms(
        answer_valid=timedelta(days=ves.answer_valid_days),
        not_known_again=timedelta(days=ves.not_known_again_days),
        retry_first_s=ves.retry_first_s,
        retry_most_s=ves.retry_most_s,
        review_after=timedelta(days=ves.review_after_days),
        give_up_after=timedelta(days=ves.give_up_after_days),
    )


def _refuse_open_road(url: str) -> None:
    """The key and registrations go over HTTPS only, or to this very machine."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        sound = False
    if not sound:
        raise CommandRefused("'url' under 'ves' must begin with https://")


def _key(ves: Ves, environment: Mapping[str, str]) -> str:
    """The key without ever putting it into a text: neither a log nor an error may show it."""
    try:
        key = environment.get(KEY_VARIABLE) or (Path(ves.key_file).read_text("utf-8") if ves.key_file else "")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandRefused(f"the key of the register cannot be read from {ves.key_file}") from error
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise CommandRefused(f"the register's key is missing or broken; set {KEY_VARIABLE} or 'key_file'")
    return key
