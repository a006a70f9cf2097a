"""An HGV that the pictures showed, as a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.settings import Camera
from config.wire import (
    ClockState,
    Deployment,
    Estimate,
    EvidenceRef,
    Passage,
    Plate,
    Position,
    RawRead,
    Speed,
    Vehicle,
)
from edge import seen
from edge.messages.ids import Ids
from edge.road import measure

_MOST_RAW_READS = 64


@dataclass(frozen=True)
class UnitName:
    """Who signs: the unit, its authority, its software and the hashes of its models."""

    agent_id: str
    authority: str
    software: str
    models: Mapping[str, str]


def passage_of(
    vehicle: seen.SeenVehicle,
    camera: Camera,
    unit: UnitName,
    ids: Ids,
    position: Position,
    clock: ClockState,
) -> Passage:
    """The passage of a vehicle that looks like an HGV; of others only counts leave the unit."""
    reading = vehicle.reading
    return Passage(
        passage_id=ids.passage_id(vehicle),
        authority=unit.authority,
        agent_id=unit.agent_id,
        camera_id=camera.camera_id,
        site_id=camera.site.site_id,
        site_version=camera.site.site_version,
        source=ids.source,
        captured_at=vehicle.captured_at,
        first_seen=vehicle.first_seen,
        last_seen=vehicle.last_seen,
        frame_number=vehicle.frame_number,
        direction=vehicle.direction,
        lane=vehicle.lane,
        position=position,
        deployment=_deployment(camera),
        vehicle=Vehicle(
            class_=vehicle.vehicle_class,
            hgv=vehicle.hgv,
            detector_score=vehicle.detector_score,
            box=vehicle.box_px,
            trailer=vehicle.trailer,
            length_m=_estimate(vehicle.measured.length_m),
            height_m=_estimate(vehicle.measured.height_m),
        ),
        plate=Plate(text=reading.text, confidence=reading.confidence, looks=reading.looks)
        if reading
        else None,
        plate_reason=vehicle.plate_reason,
        raw_reads=tuple(_raw_read(read) for read in vehicle.raw_reads[:_MOST_RAW_READS]),
        speed=_speed(vehicle.measured.speed_mps),
        evidence=tuple(_reference(picture) for picture in vehicle.evidence),
        clock=clock,
        software=unit.software,
        models=dict(unit.models),
    )


def _deployment(camera: Camera) -> Deployment | None:
    told = camera.deployment
    if told is None:
        return None
    return Deployment(deployment_id=told.deployment_id, started_at=told.started_at, ended_at=told.ended_at)


def _estimate(measured: measure.Estimate | None) -> Estimate | None:
    """To the centimetre: what is finer is noise."""
    if measured is None:
        return None
    return Estimate(value=round(measured.value, 2), standard_error=round(measured.standard_error, 2))


def _speed(measured: measure.Estimate | None) -> Speed | None:
    rounded = _estimate(measured)
    if rounded is None:
        return None
    return Speed(
        metres_per_s=rounded.value,
        standard_error_metres_per_s=rounded.standard_error,
        source="video_estimate",
    )


def _raw_read(read: seen.RawRead) -> RawRead:
    return RawRead(
        text=read.text, confidence=read.confidence, reader=read.reader, frame_number=read.frame_number
    )


def _reference(picture: seen.EvidencePicture) -> EvidenceRef:
    return EvidenceRef(
        kind=picture.kind,
        sha256=picture.sha256,
        size_bytes=len(picture.jpeg),
        width_px=picture.width_px,
        height_px=picture.height_px,
    )
