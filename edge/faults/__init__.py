"""Notices a camera whose pictures come but show no road: black, blinded, noisy, frozen, moved, resized."""

from edge.faults.fault import CameraFault
from edge.faults.signs import blank
from edge.faults.view import View
from edge.faults.view_file import ViewFile
from edge.faults.watch import FaultWatch

__all__ = ["CameraFault", "FaultWatch", "View", "ViewFile", "blank"]
