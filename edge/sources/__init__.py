"""Where pictures come from: a file, a stream, a device or a folder, behind one seam."""

from edge.sources.opening import open_source
from edge.sources.seam import Source

__all__ = ["Source", "open_source"]
