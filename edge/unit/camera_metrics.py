"""The state of each camera as Prometheus metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from edge.faults.fault import REASONS
from edge.unit.health import CameraWatch


class CameraStates(Collector):
    """`hgv_edge_camera_seeing` and `hgv_edge_camera_fault`, 1 or 0 by camera, read when asked for."""

    def __init__(self, watches: Sequence[CameraWatch]) -> None:
        self._watches = watches

    def collect(self) -> Iterable[Metric]:
        """Both metrics; every fault is there, so that an alert on it can end."""
        seeing = GaugeMetricFamily("hgv_edge_camera_seeing", "1 while the camera sees", labels=["camera"])
        faults = GaugeMetricFamily(
            "hgv_edge_camera_fault", "1 while the pictures have this fault", labels=["camera", "fault"]
        )
        for health in (watch.health() for watch in self._watches):
            seeing.add_metric([health.camera_id], health.state == "seeing")
            for kind in REASONS:
                faults.add_metric([health.camera_id, kind], health.fault == kind)
        return [seeing, faults]
