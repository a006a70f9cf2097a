"""Type-approved devices, their calibrations and their readings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base


class CalibrationRow(Base):
    """A calibration certificate of one device; both days inclusive. The file's bytes are named by hash."""

    __tablename__ = "device_calibrations"
    __table_args__ = (UniqueConstraint("authority", "serial", "calibrated_on"),)

    calibration_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(64))
    device_type: Mapped[str] = mapped_column(String(120))
    type_approval: Mapped[str] = mapped_column(String(120))
    agent_id: Mapped[str] = mapped_column(String(64))
    calibrated_on: Mapped[date]
    valid_to: Mapped[date]
    certificate_path: Mapped[str] = mapped_column(String(255))
    certificate_sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime]


class ReadingRow(Base):
    """One speed that a device measured and that opened a case, with the van's passage of that vehicle."""

    __tablename__ = "speed_readings"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    reading_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(64))
    vrm: Mapped[str] = mapped_column(String(12))
    measured_at: Mapped[datetime]
    speed_mph: Mapped[int]
    posted_mph: Mapped[int]
    road: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float]
    longitude: Mapped[float]
    measured_by: Mapped[str] = mapped_column(String(120))
    stored_at: Mapped[datetime]
    passage_id: Mapped[str] = mapped_column(String(64))
    calibration_id: Mapped[int] = mapped_column(ForeignKey("device_calibrations.calibration_id"))
