"""Cycles materials by name: paints, plastics, glass, lamps, ground and walls."""

from collections.abc import Callable
from dataclasses import dataclass

import bpy  # type: ignore[import-not-found] # only in the film's own environment
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film import signs


@dataclass(frozen=True)
class Surface:
    """A plain surface: linear RGB, roughness, metallic, clear coat, own light."""

    rgb: tuple[float, float, float]
    roughness: float = 0.6
    metallic: float = 0.0
    coat: float = 0.0
    glow: float = 0.0


PLAIN = {
    "rubber": Surface((0.018, 0.018, 0.019), 0.85),
    "rim": Surface((0.55, 0.56, 0.57), 0.4, 0.6),
    "rim_dark": Surface((0.12, 0.12, 0.125), 0.5, 0.5),
    "cavity": Surface((0.006, 0.006, 0.006), 0.9),
    "black_plastic": Surface((0.02, 0.02, 0.021), 0.5),
    "grille": Surface((0.05, 0.05, 0.05), 0.35),
    "glass": Surface((0.012, 0.015, 0.018), 0.06, coat=0.5),
    "tinted": Surface((0.02, 0.022, 0.025), 0.2),
    "chassis": Surface((0.03, 0.03, 0.032), 0.7),
    "steel": Surface((0.42, 0.43, 0.44), 0.4, 0.7),
    "steel_dark": Surface((0.16, 0.165, 0.17), 0.5, 0.4),
    "frame": Surface((0.45, 0.46, 0.47), 0.45, 0.2),
    "white": Surface((0.82, 0.82, 0.8), 0.5),
    "ink": Surface((0.01, 0.01, 0.012), 0.6),
    "lamp_clear": Surface((0.8, 0.82, 0.85), 0.12, coat=1.0, glow=1.2),
    "lamp_clear_off": Surface((0.55, 0.57, 0.6), 0.15, coat=1.0),
    "lamp_red": Surface((0.42, 0.012, 0.012), 0.2, coat=1.0, glow=0.08),
    "lamp_amber": Surface((0.7, 0.22, 0.02), 0.2, coat=1.0),
    "marker_red": Surface((0.6, 0.03, 0.02), 0.4),
    "marker_yellow": Surface((0.85, 0.6, 0.03), 0.4),
    "display": Surface((0.01, 0.01, 0.01), 0.2),
    "amber_dots": Surface((0.9, 0.4, 0.05), 0.5, glow=1.5),
    "bumper": Surface((0.10, 0.10, 0.105), 0.5),
    "kerb": Surface((0.36, 0.35, 0.33), 0.85),
    "road_paint": Surface((0.66, 0.66, 0.63), 0.7),
    "patch": Surface((0.045, 0.045, 0.047), 0.9),
    "stone": Surface((0.45, 0.42, 0.36), 0.85),
    "frame_white": Surface((0.75, 0.75, 0.73), 0.5),
    "pane": Surface((0.03, 0.035, 0.04), 0.05, coat=0.5),
    "fascia": Surface((0.12, 0.09, 0.07), 0.7),
    "gutter": Surface((0.03, 0.03, 0.03), 0.5),
    "pot": Surface((0.35, 0.14, 0.07), 0.8),
    "bark": Surface((0.09, 0.065, 0.045), 0.9),
    "leaf_core": Surface((0.008, 0.014, 0.005), 1.0),
    "street_lamp": Surface((0.7, 0.7, 0.65), 0.3),
}

LEAVES = {
    "leaf_hedge": ((0.018, 0.045, 0.010), (0.06, 0.12, 0.022)),
    "leaf_tree": ((0.022, 0.052, 0.010), (0.085, 0.14, 0.025)),
    "grass_blade": ((0.04, 0.075, 0.014), (0.12, 0.17, 0.04)),
}

Grain = tuple[tuple[float, float, float], tuple[float, float, float], float]
GRAINY: dict[str, Grain] = {
    "asphalt": ((0.060, 0.060, 0.062), (0.105, 0.104, 0.102), 55.0),
    "pavement": ((0.16, 0.155, 0.15), (0.24, 0.235, 0.225), 22.0),
    "verge": ((0.045, 0.075, 0.018), (0.10, 0.14, 0.035), 9.0),
    "field": ((0.05, 0.08, 0.02), (0.10, 0.13, 0.04), 0.6),
    "render_cream": ((0.58, 0.52, 0.40), (0.66, 0.60, 0.47), 7.0),
    "render_white": ((0.66, 0.65, 0.62), (0.74, 0.73, 0.70), 7.0),
}

Courses = tuple[
    tuple[float, float, float], tuple[float, float, float], tuple[float, float, float], float, float
]
COURSED: dict[str, Courses] = {
    "brick": ((0.25, 0.085, 0.05), (0.33, 0.13, 0.075), (0.42, 0.38, 0.32), 0.225, 0.075),
    "tiles_red": ((0.20, 0.065, 0.04), (0.28, 0.10, 0.06), (0.05, 0.025, 0.02), 0.18, 0.22),
    "tiles_brown": ((0.11, 0.065, 0.045), (0.16, 0.10, 0.07), (0.03, 0.02, 0.015), 0.18, 0.22),
    "slate": ((0.07, 0.075, 0.09), (0.11, 0.115, 0.13), (0.02, 0.02, 0.025), 0.25, 0.22),
}


class Palette:
    """Makes each material once; `wetness` (0 dry to 1 wet) darkens and polishes the ground."""

    def __init__(self, wetness: float = 0.0) -> None:
        self._wetness = wetness
        self._made: dict[str, bpy.types.Material] = {}

    def material(self, name: str) -> bpy.types.Material:
        """The material of a name; raises KeyError for a name that no table knows."""
        if name not in self._made:
            self._made[name] = self._maker(name)(name)
        return self._made[name]

    def _maker(self, name: str) -> Callable[[str], bpy.types.Material]:
        if name.startswith("paint:"):
            return _vehicle_paint
        if name in LEAVES:
            return _leaf
        if name in GRAINY:
            return self._grainy
        if name in COURSED:
            return _coursed
        if name in ("sign_limit", "sign_access"):
            return _sign
        if name == "brick_plain":
            return lambda _: _plain(name, Surface((0.27, 0.10, 0.06), 0.9))
        return lambda _: _plain(name, PLAIN[name])

    def _grainy(self, name: str) -> bpy.types.Material:
        """Two colours mixed by noise in the street's own metres, fine grain over broad stains."""
        material, shader = _principled(name)
        nodes, links = material.node_tree.nodes, material.node_tree.links
        low, high, scale = GRAINY[name]
        place = nodes.new("ShaderNodeNewGeometry")
        grain = _noise(nodes, links, place, scale)
        stains = _noise(nodes, links, place, 0.35)
        blend = nodes.new("ShaderNodeMath")
        blend.operation = "MULTIPLY_ADD"
        blend.inputs[1].default_value = 0.65
        scaled = nodes.new("ShaderNodeMath")
        scaled.operation = "MULTIPLY"
        scaled.inputs[1].default_value = 0.35
        links.new(stains.outputs["Factor"], scaled.inputs[0])
        links.new(grain.outputs["Factor"], blend.inputs[0])
        links.new(scaled.outputs[0], blend.inputs[2])
        wet = self._wetness if name in ("asphalt", "pavement") else 0.0
        ramp = nodes.new("ShaderNodeValToRGB")
        for stop, colour, position in zip(ramp.color_ramp.elements, (low, high), (0.36, 0.64), strict=True):
            stop.color = (*(channel * (1 - 0.5 * wet) for channel in colour), 1.0)
            stop.position = position
        links.new(blend.outputs[0], ramp.inputs[0])
        links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
        shader.inputs["Roughness"].default_value = 0.88 - 0.7 * wet
        return material


def picture_material(name: str, rgb: NDArray[np.uint8], roughness: float = 0.45) -> bpy.types.Material:
    """A surface that shows an sRGB picture (height, width, 3) by UV, the right way up."""
    material, shader = _principled(name)
    height, width = rgb.shape[:2]
    image = bpy.data.images.new(name, width, height)
    rgba = np.concatenate([rgb, np.full((height, width, 1), 255, np.uint8)], axis=2)
    image.pixels.foreach_set((rgba[::-1].astype(np.float32) / 255.0).ravel())
    image.pack()
    texture = material.node_tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    texture.extension = "EXTEND"
    material.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = roughness
    return material


def _principled(name: str) -> tuple[bpy.types.Material, bpy.types.Node]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, material.node_tree.nodes["Principled BSDF"]


def _plain(name: str, surface: Surface) -> bpy.types.Material:
    material, shader = _principled(name)
    shader.inputs["Base Color"].default_value = (*surface.rgb, 1.0)
    shader.inputs["Roughness"].default_value = surface.roughness
    shader.inputs["Metallic"].default_value = surface.metallic
    shader.inputs["Coat Weight"].default_value = surface.coat
    if surface.glow:
        shader.inputs["Emission Color"].default_value = (*surface.rgb, 1.0)
        shader.inputs["Emission Strength"].default_value = surface.glow
    return material


def _vehicle_paint(name: str) -> bpy.types.Material:
    code = name.removeprefix("paint:")
    srgb = np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)]) / 255.0
    red, green, blue = (float(channel) for channel in srgb**2.2)
    return _plain(name, Surface((red, green, blue), 0.32, coat=0.35))


def _leaf(name: str) -> bpy.types.Material:
    material, shader = _principled(name)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    island = nodes.new("ShaderNodeNewGeometry")
    ramp = nodes.new("ShaderNodeValToRGB")
    for stop, colour in zip(ramp.color_ramp.elements, LEAVES[name], strict=True):
        stop.color = (*colour, 1.0)
    links.new(island.outputs["Random Per Island"], ramp.inputs[0])
    links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.6
    shader.inputs["Specular IOR Level"].default_value = 0.25
    return material


def _coursed(name: str) -> bpy.types.Material:
    """Bricks or tiles in courses, by UVs in metres."""
    material, shader = _principled(name)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    one, other, joint, width, height = COURSED[name]
    uv = nodes.new("ShaderNodeUVMap")
    brick = nodes.new("ShaderNodeTexBrick")
    for socket, colour in (("Color1", one), ("Color2", other), ("Mortar", joint)):
        brick.inputs[socket].default_value = (*colour, 1.0)
    brick.inputs["Scale"].default_value = 1.0
    brick.inputs["Brick Width"].default_value = width
    brick.inputs["Row Height"].default_value = height
    brick.inputs["Mortar Size"].default_value = 0.010
    brick.inputs["Bias"].default_value = 0.0
    links.new(uv.outputs["UV"], brick.inputs["Vector"])
    links.new(brick.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.85
    return material


def _sign(name: str) -> bpy.types.Material:
    picture = signs.weight_limit_picture() if name == "sign_limit" else signs.access_picture()
    return picture_material(name, picture)


def _noise(
    nodes: bpy.types.Nodes, links: bpy.types.NodeLinks, place: bpy.types.Node, scale: float
) -> bpy.types.Node:
    noise = nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = 4.0
    links.new(place.outputs["Position"], noise.inputs["Vector"])
    return noise
