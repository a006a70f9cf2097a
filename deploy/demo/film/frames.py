"""Where rendered pictures are kept between runs."""

from pathlib import Path

WORK_DIR = Path("var/film")
BACKGROUND = "background.png"


def frame_path(work_dir: Path, clip: str, frame: int) -> Path:
    """Where the moving part of a frame is kept."""
    return work_dir / clip / f"{frame:05d}.png"
