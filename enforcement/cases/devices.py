"""Type-approved speed devices and their calibrations, each stored with the bytes of its certificate.

Source: Road Traffic Offenders Act 1988 s. 20: a reading is evidence from a prescribed, approved device only.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import FileMistake
from config.files import load
from config.law.deadlines import local_day
from config.wire.values import Name
from enforcement.files import write_whole
from enforcement.tables import CalibrationRow

Serial = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=120)]


class Device(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One calibration of one device in one van; both days inclusive. `certificate` lies beside the file."""

    serial: Serial
    device_type: Words
    type_approval: Words
    agent_id: Name
    calibrated_on: date
    valid_to: date
    certificate: Words


class DevicesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The YAML file that `hgv-enforce devices import` reads."""

    authority: Name
    devices: Annotated[tuple[Device, ...], Meta(min_length=1)]


def read_devices(path: Path) -> tuple[DevicesFile, list[bytes]]:
    """The file and the bytes of each certificate. Raises FileMistake, also for one that is not there."""
    file = load(path, DevicesFile)
    for device in file.devices:
        if device.valid_to < device.calibrated_on:
            raise FileMistake(path, 0, f"the calibration of {device.serial} ends before it begins")
    return file, [_certificate(path, device) for device in file.devices]


def _certificate(path: Path, device: Device) -> bytes:
    named = Path(device.certificate)
    if named.name != device.certificate:
        raise FileMistake(path, 0, f"'{device.certificate}' must lie beside this file; give its name alone")
    try:
        content = (path.parent / named).read_bytes()
    except OSError as error:
        raise FileMistake(
            path, 0, f"the certificate '{device.certificate}' cannot be read ({error.strerror})"
        ) from error
    if not content:
        raise FileMistake(path, 0, f"the certificate '{device.certificate}' is empty")
    return content


def store_devices(
    session: Session, file: DevicesFile, certificates: list[bytes], data_dir: Path, now: datetime
) -> int:
    """Store the calibrations that are new; how many. One that is known stays as it is: the caller commits."""
    new = 0
    for device, content in zip(file.devices, certificates, strict=True):
        if _known(session, file.authority, device) is not None:
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        path = Path("certificates") / f"{sha256}{Path(device.certificate).suffix}"
        write_whole(data_dir / path, content)
        session.add(_row(file.authority, device, path, sha256, now))
        new += 1
    session.flush()
    return new


def _row(authority: str, device: Device, path: Path, sha256: str, now: datetime) -> CalibrationRow:
    return CalibrationRow(
        authority=authority,
        serial=device.serial,
        device_type=device.device_type,
        type_approval=device.type_approval,
        agent_id=device.agent_id,
        calibrated_on=device.calibrated_on,
        valid_to=device.valid_to,
        certificate_path=path.as_posix(),
        certificate_sha256=sha256,
        stored_at=now,
    )


def _known(session: Session, authority: str, device: Device) -> CalibrationRow | None:
    return session.scalar(
        select(CalibrationRow).where(
            CalibrationRow.authority == authority,
            CalibrationRow.serial == device.serial,
            CalibrationRow.calibrated_on == device.calibrated_on,
        )
    )


def calibration_at(session: Session, authority: str, serial: str, at: datetime) -> CalibrationRow | None:
    """The latest calibration of a device that covers the local day of `at`; None where it has none."""
    day = local_day(at)
    return session.scalar(
        select(CalibrationRow)
        .where(
            CalibrationRow.authority == authority,
            CalibrationRow.serial == serial,
            CalibrationRow.calibrated_on <= day,
            CalibrationRow.valid_to >= day,
        )
        .order_by(CalibrationRow.calibrated_on.desc())
        .limit(1)
    )
