"""Makes the type model that ships from the published EfficientNet-Lite0.

.venv-train/bin/python -m edge.training.eight_bits.vehicle_type --published FILE
"""

from __future__ import annotations

import argparse
from pathlib import Path

from edge.training.eight_bits.film import film_pictures
from edge.training.eight_bits.quantise import quantise
from edge.vehicles.vehicle_type import INPUT_PX, NETWORK, network_input
from edge.weights import SHIPPED

PICTURES = 100


def convert(published: Path, to: Path) -> None:
    """Write the type model in 8 bits."""
    quantise(published, to, [{"input": network_input(rgb)} for rgb in film_pictures(PICTURES, INPUT_PX)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m edge.training.eight_bits.vehicle_type", description=__doc__
    )
    parser.add_argument("--published", type=Path, required=True, help="EfficientNet-Lite0, 224 px, ONNX")
    convert(parser.parse_args().published, SHIPPED / NETWORK)
    print(f"wrote {NETWORK}; put its sha256 into edge/models/SHA256SUMS and README.md")
