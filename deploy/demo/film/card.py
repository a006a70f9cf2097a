"""A black card before the lens, with a hole where the picture changes: rays to be thrown away end on it.

The renderer's border is a rectangle; a third of it lies outside the mask and need not be computed at all.
"""

import bpy  # type: ignore[import-not-found] # only in the film's own environment
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film.camera import Camera
from deploy.demo.film.mesh import Mesh
from deploy.demo.film.moving import Border

CELL_PX = 8
DISTANCE_M = 0.15


class Card:
    """Seen by camera rays only, so that it shades and reflects nothing."""

    def __init__(self, scene: bpy.types.Scene, camera: Camera) -> None:
        self._camera = camera
        self._thing = bpy.data.objects.new("card", bpy.data.meshes.new("card"))
        self._thing.visible_diffuse = self._thing.visible_glossy = self._thing.visible_transmission = False
        self._thing.visible_shadow = self._thing.visible_volume_scatter = False
        self._black = _black()
        scene.collection.objects.link(self._thing)

    def cover(self, mask: NDArray[np.uint8] | None, border: Border) -> None:
        """Cover what the mask leaves empty within the border; nothing for no mask."""
        mesh = Mesh()
        if mask is not None:
            for top in range(border.top, border.bottom, CELL_PX):
                bottom = min(top + CELL_PX, border.bottom)
                for left, right in _empty_runs(mask[top:bottom, border.left : border.right].max(axis=0) > 0):
                    self._patch(mesh, border.left + left, top, border.left + right, bottom)
        worn = self._thing.data
        self._thing.data = bpy.data.meshes.new("card")
        self._thing.data.from_pydata(mesh.vertices, [], mesh.faces)
        self._thing.data.materials.append(self._black)
        bpy.data.meshes.remove(worn)

    def _patch(self, mesh: Mesh, left: int, top: int, right: int, bottom: int) -> None:
        camera = self._camera
        middle = np.array([camera.width_px / 2, camera.height_px / 2])
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        rays = np.column_stack([(corners - middle) / camera.focal_px, np.ones(4)]) @ camera.axes()
        lens = np.array([camera.x_m, camera.y_m, camera.height_m])
        x = [(float(p[0]), float(p[1]), float(p[2])) for p in lens + DISTANCE_M * rays]
        mesh.polygon(x, "card")


def _empty_runs(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end of each run of columns that nothing marks."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], marked, [True]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _black() -> bpy.types.Material:
    material = bpy.data.materials.new("card")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    nodes.clear()
    emission, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    emission.inputs["Color"].default_value = (0.0, 0.0, 0.0, 1.0)
    material.node_tree.links.new(emission.outputs[0], output.inputs["Surface"])
    return material
