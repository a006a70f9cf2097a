"""Keeps a camera's known view over restarts: who knocks a camera aside often takes its power, too."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import structlog

from edge.faults.matching import Edges
from edge.faults.sample import SMALL_PX
from edge.faults.view import LIGHT_LEVELS, View

_log = structlog.get_logger()


@dataclass(frozen=True)
class ViewFile:
    """The known view of a site's version in a file; the next version of the site has a view of its own."""

    path: Path
    site_version: int

    def load(self) -> View:
        """The view that was known, or an empty one for a new site version or a file that cannot be used."""
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                if int(kept["site_version"]) != self.site_version:
                    return View()
                levels = range(len(LIGHT_LEVELS) + 1)
                return View({level: _edges(kept[str(level)]) for level in levels if str(level) in kept})
        except FileNotFoundError:
            return View()
        except (OSError, ValueError, KeyError, BadZipFile, EOFError) as error:
            _log.warning(
                "view_unusable", path=str(self.path), error=str(error), next="the view is learnt anew"
            )
            return View()

    def save(self, view: View) -> None:
        """Keep what is known. A disk that refuses it is logged: a view less is known after a restart."""
        unfinished = self.path.with_suffix(".new")
        kept: dict[str, Any] = {str(level): edges for level, edges in view.known.items()}
        kept["site_version"] = np.int64(self.site_version)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                np.savez(file, **kept)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path)
        except OSError as error:
            _log.error("view_not_kept", path=str(self.path), error=str(error))


def _edges(array: object) -> Edges:
    edges = np.asarray(array, np.complex64)
    if edges.shape != SMALL_PX[::-1] or not np.isfinite(edges).all():
        raise ValueError(f"a view of shape {edges.shape}, expected {SMALL_PX[::-1]} finite numbers")
    return edges
