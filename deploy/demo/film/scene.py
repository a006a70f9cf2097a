"""A clip as a Blender scene: the street stands still, vehicles are posed frame by frame."""

from collections.abc import Iterable

import bpy  # type: ignore[import-not-found] # only in the film's own environment
import numpy as np

from deploy.demo.film.camera import SENSOR_WIDTH_MM, Camera
from deploy.demo.film.materials import Palette, picture_material
from deploy.demo.film.mesh import Finish, Mesh
from deploy.demo.film.road import Pose
from deploy.demo.film.shots import Clip, Passing
from deploy.demo.film.street import furnished
from deploy.demo.film.vehicles import PlateMount, Vehicle
from deploy.demo.film.vehicles.model import Lettering
from edge.training.plates import Background, draw_plate

PLATE_PX_PER_MM = 2.0
BEVEL_M = 0.018
BODY_CREASE = 0.45
SKY_SATURATION = 0.6
SMOOTH_ANGLE_RAD = 0.7
# Turn a text's own axes (x along the line, y up, z out) to face each way.
FACING_TURN_RAD = {"front": np.pi / 2, "rear": -np.pi / 2, "left": np.pi, "right": 0.0}


class Stage:
    """The scene of one clip; `vehicles` keeps the passings' vehicles in the clip's order."""

    def __init__(self, clip: Clip) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.clip = clip
        self.scene = bpy.context.scene
        self._palette = Palette(clip.weather.wetness)
        self._meshes: dict[int, bpy.types.Mesh] = {}
        self._kept: list[Mesh] = []
        self._build_street()
        self._light()
        self._place_camera(clip.camera)
        self.vehicles = [passing.vehicle() for passing in clip.passings]
        self._roots = [self._vehicle(*pair) for pair in zip(clip.passings, self.vehicles, strict=True)]

    def show(self, passing: int | None, poses: list[Pose]) -> None:
        """Put one passing's vehicle at its poses and hide every other."""
        for number, roots in enumerate(self._roots):
            for root in roots:
                for thing in root.children:
                    thing.hide_render = number != passing
        if passing is None:
            return
        for root, pose in zip(self._roots[passing], poses, strict=True):
            root.location = (pose.x_m, pose.y_m, 0.0)
            root.rotation_euler = (0.0, 0.0, pose.heading_rad)

    def _build_street(self) -> None:
        clip = self.clip
        for placed in furnished(clip.road, clip.seed, clip.camera.y_m, clip.village).things:
            root = self._add(self._mesh(placed.mesh), None)
            root.location = (placed.x_m, placed.y_m, 0.0)
            root.rotation_euler = (0.0, 0.0, placed.heading_rad)
            root.scale = (placed.scale,) * 3
            self._letter(placed.lettering, root)

    def _vehicle(self, passing: Passing, vehicle: Vehicle) -> list[bpy.types.Object]:
        roots = []
        for unit in vehicle.units:
            root = self._add(None, None)
            for finish, mesh in unit.meshes.items():
                thing = self._add(self._mesh(mesh), root)
                _finish(thing, finish)
            self._letter(unit.lettering, root)
            for mount in unit.plates:
                self._plate(passing.plate, mount, root)
            roots.append(root)
        return roots

    def _plate(self, text: str, mount: PlateMount, root: bpy.types.Object) -> None:
        background: Background = "white" if mount.facing == "front" else "yellow"
        picture = draw_plate(text, layout="one_line", background=background, px_per_mm=PLATE_PX_PER_MM)
        mesh = Mesh()
        mesh.polygon(mount.corners(), "plate", [(0, 1), (1, 1), (1, 0), (0, 0)])
        made = _blender_mesh(mesh, [picture_material(f"plate {text} {background}", picture, 0.5)])
        self._add(made, root)

    def _letter(self, lettering: Iterable[Lettering], root: bpy.types.Object) -> None:
        for words in lettering:
            curve = bpy.data.curves.new(words.text, "FONT")
            curve.body, curve.align_x, curve.align_y = words.text, "CENTER", "CENTER"
            curve.size, curve.offset = words.height_m / 0.7, 0.012 * words.height_m
            curve.materials.append(self._palette.material(words.material))
            thing = self._add(curve, root)
            thing.location = words.centre
            thing.rotation_euler = (np.pi / 2, 0.0, FACING_TURN_RAD[words.facing])

    def _mesh(self, mesh: Mesh) -> bpy.types.Mesh:
        """The Blender mesh of a mesh, made once, so that repeated things are instances."""
        if id(mesh) not in self._meshes:
            self._kept.append(mesh)
            names = list(dict.fromkeys(mesh.materials))
            self._meshes[id(mesh)] = _blender_mesh(mesh, [self._palette.material(name) for name in names])
        return self._meshes[id(mesh)]

    def _add(self, data: bpy.types.ID | None, parent: bpy.types.Object | None) -> bpy.types.Object:
        thing = bpy.data.objects.new("thing", data)
        thing.parent = parent
        self.scene.collection.objects.link(thing)
        return thing

    def _light(self) -> None:
        light, sun = self.clip.light, self.clip.sun_direction()
        lamp = bpy.data.lights.new("sun", "SUN")
        lamp.energy, lamp.angle, lamp.color = light.sun_strength, np.radians(0.6), (1.0, 0.95, 0.86)
        thing = self._add(lamp, None)
        turn = np.arctan2(sun[1], sun[0])
        thing.rotation_euler = (0.0, np.pi / 2 - np.arcsin(sun[2]), turn)
        world = bpy.data.worlds.new("sky")
        self.scene.world = world
        world.use_nodes = True
        nodes = world.node_tree.nodes
        sky = nodes.new("ShaderNodeTexSky")
        sky.sky_type, sky.sun_disc = "MULTIPLE_SCATTERING", False
        sky.sun_elevation, sky.sun_rotation = np.arcsin(sun[2]), np.pi / 2 - turn
        haze = nodes.new("ShaderNodeHueSaturation")
        haze.inputs["Saturation"].default_value = SKY_SATURATION
        world.node_tree.links.new(sky.outputs["Color"], haze.inputs["Color"])
        world.node_tree.links.new(haze.outputs["Color"], nodes["Background"].inputs["Color"])
        nodes["Background"].inputs["Strength"].default_value = light.sky_strength

    def _place_camera(self, camera: Camera) -> None:
        lens = bpy.data.cameras.new("camera")
        lens.sensor_width, lens.lens, lens.clip_end = SENSOR_WIDTH_MM, camera.lens_mm, 600.0
        thing = self._add(lens, None)
        thing.location = (camera.x_m, camera.y_m, camera.height_m)
        pitch, yaw = np.radians(camera.pitch_deg), np.radians(camera.yaw_deg)
        thing.rotation_euler = (np.pi / 2 + pitch, 0.0, yaw - np.pi / 2)
        self.scene.camera = thing


def _blender_mesh(mesh: Mesh, materials: list[bpy.types.Material]) -> bpy.types.Mesh:
    made = bpy.data.meshes.new("mesh")
    made.from_pydata(mesh.vertices, [], mesh.faces)
    slots = {name: slot for slot, name in enumerate(dict.fromkeys(mesh.materials))}
    made.polygons.foreach_set("material_index", [slots[name] for name in mesh.materials])
    if any(uv is not None for uv in mesh.uvs):
        flat = [
            pair
            for face, uv in zip(mesh.faces, mesh.uvs, strict=True)
            for pair in (uv or [(0.0, 0.0)] * len(face))
        ]
        layer = made.uv_layers.new(name="UVMap")
        layer.uv.foreach_set("vector", np.asarray(flat, dtype=np.float32).ravel())
    for material in materials:
        made.materials.append(material)
    made.update()
    return made


def _finish(thing: bpy.types.Object, finish: Finish) -> None:
    """Round the edges: bevel boxes, smooth turned parts, subdivide skinned bodies."""
    if finish == "bevelled":
        bevel = thing.modifiers.new("bevel", "BEVEL")
        bevel.width, bevel.segments, bevel.limit_method, bevel.angle_limit = BEVEL_M, 2, "ANGLE", 0.6
    if finish == "subdivided":
        _weld_normals(thing.data)
        subdivision = thing.modifiers.new("subdivide", "SUBSURF")
        subdivision.levels = subdivision.render_levels = 2
        crease = thing.data.attributes.new("crease_edge", "FLOAT", "EDGE")
        crease.data.foreach_set("value", np.full(len(thing.data.edges), BODY_CREASE, dtype=np.float32))
    for polygon in thing.data.polygons:
        polygon.use_smooth = True
    thing.data.set_sharp_from_angle(angle=SMOOTH_ANGLE_RAD if finish != "subdivided" else np.pi)


def _weld_normals(mesh: bpy.types.Mesh) -> None:
    import bmesh  # type: ignore[import-not-found] # only in the film's own environment

    welded = bmesh.new()
    welded.from_mesh(mesh)
    bmesh.ops.recalc_face_normals(welded, faces=welded.faces)
    welded.to_mesh(mesh)
    welded.free()
