"""Signs and posts: weight limit, village name, street lamp, bollard; faces towards the camera (-x)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film.mesh import Mesh
from deploy.demo.film.vehicles.model import Lettering

SIGN_RADIUS_M = 0.375


def weight_limit() -> Mesh:
    """A 7.5-tonne environmental limit (after diagram 622.1A), "Except for access" below it."""
    mesh = Mesh()
    _post(mesh, 0.04, 2.95)
    _disc(mesh, 2.5)
    mesh.polygon(_panel(-0.056, 0.36, 1.74, 2.02), "sign_access", [(0, 0), (1, 0), (1, 1), (0, 1)])
    mesh.box((-0.05, -0.36, 1.74), (-0.03, 0.36, 2.02), "steel")
    return mesh


def village_name(name: str) -> tuple[Mesh, tuple[Lettering, ...]]:
    """A white board on two posts with the village's name."""
    mesh = Mesh()
    for y in (-0.75, 0.75):
        mesh.box((-0.04, y - 0.04, 0.0), (0.04, y + 0.04, 1.5), "frame_white")
    mesh.box((-0.09, -1.05, 0.62), (-0.05, 1.05, 1.42), "black_plastic")
    mesh.box((-0.095, -1.02, 0.65), (-0.06, 1.02, 1.39), "frame_white")
    words = (
        Lettering(name, (-0.1, 0.0, 1.14), "rear", min(0.26, 2.4 / len(name)), "ink"),
        Lettering("Please drive carefully", (-0.1, 0.0, 0.82), "rear", 0.13, "ink"),
    )
    return mesh, words


def lamp_post() -> Mesh:
    """A column with an arm along +x and a lantern."""
    mesh = Mesh()
    _post(mesh, 0.07, 6.0)
    mesh.box((0.0, -0.03, 5.9), (1.2, 0.03, 5.97), "steel_dark")
    mesh.box((0.9, -0.12, 5.82), (1.6, 0.12, 5.95), "steel_dark")
    mesh.box((0.95, -0.09, 5.80), (1.55, 0.09, 5.82), "street_lamp")
    return mesh


def bollard() -> Mesh:
    """A black bollard with a white band."""
    mesh = Mesh()
    _post(mesh, 0.07, 0.95, "black_plastic")
    mesh.box((-0.075, -0.075, 0.72), (0.075, 0.075, 0.82), "frame_white")
    return mesh


def weight_limit_picture(size_px: int = 512) -> NDArray[np.uint8]:
    """The face of the limit sign: red ring, black lorry with white "7.5T"; RGB."""
    face = np.full((size_px, size_px, 3), 255, np.uint8)
    unit = size_px / 100
    centre = (size_px // 2, size_px // 2)
    cv2.circle(face, centre, int(44 * unit), (190, 16, 30), int(11 * unit), cv2.LINE_AA)
    _rectangle(face, (22, 36), (60, 62), unit)
    _rectangle(face, (61, 44), (77, 62), unit)
    cv2.rectangle(
        face, (int(66 * unit), int(47 * unit)), (int(75 * unit), int(53 * unit)), (255, 255, 255), -1
    )
    for x in (31, 68):
        cv2.circle(face, (int(x * unit), int(64 * unit)), int(6 * unit), (0, 0, 0), -1, cv2.LINE_AA)
    _words(face, "7.5T", (25, 55), 0.5 * unit, (255, 255, 255))
    return face


def access_picture(width_px: int = 512) -> NDArray[np.uint8]:
    """The plate below it: "Except for access" in black on white; RGB."""
    face = np.full((int(width_px * 0.39), width_px, 3), 255, np.uint8)
    unit = width_px / 100
    cv2.rectangle(face, (4, 4), (width_px - 5, face.shape[0] - 5), (0, 0, 0), 5)
    _words(face, "Except for", (20, 18), 0.42 * unit, (0, 0, 0))
    _words(face, "access", (29, 33), 0.42 * unit, (0, 0, 0))
    return face


def _words(
    face: NDArray[np.uint8], text: str, at: tuple[int, int], scale: float, colour: tuple[int, int, int]
) -> None:
    unit = face.shape[1] / 100
    origin = (int(at[0] * unit), int(at[1] * unit))
    cv2.putText(face, text, origin, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, int(scale * 3.2), cv2.LINE_AA)


def _rectangle(face: NDArray[np.uint8], low: tuple[int, int], high: tuple[int, int], unit: float) -> None:
    corners = [(int(x * unit), int(y * unit)) for x, y in (low, high)]
    cv2.rectangle(face, corners[0], corners[1], (0, 0, 0), -1)


def _panel(x: float, half_m: float, low_m: float, high_m: float) -> list[tuple[float, float, float]]:
    return [(x, half_m, low_m), (x, -half_m, low_m), (x, -half_m, high_m), (x, half_m, high_m)]


def _disc(mesh: Mesh, height_m: float) -> None:
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    circle = [(float(np.cos(t)), float(np.sin(t))) for t in turns]
    face = [(-0.055, -SIGN_RADIUS_M * u, height_m + SIGN_RADIUS_M * v) for u, v in circle]
    mesh.polygon(face, "sign_limit", [(0.5 + u / 2, 0.5 + v / 2) for u, v in circle])
    back = [(-0.05, -SIGN_RADIUS_M * u, height_m + SIGN_RADIUS_M * v) for u, v in circle]
    mesh.polygon(back, "steel")


def _post(mesh: Mesh, radius_m: float, height_m: float, material: str = "steel_dark") -> None:
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = [(radius_m * float(np.cos(t)), radius_m * float(np.sin(t))) for t in turns]
    for here, after in zip(ring, ring[1:] + ring[:1], strict=True):
        mesh.polygon([(*here, 0.0), (*after, 0.0), (*after, height_m), (*here, height_m)], material)
