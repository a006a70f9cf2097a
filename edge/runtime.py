"""How a network is opened: ONNX Runtime on the CPU, with bounded threads that do not spin."""

from __future__ import annotations

from pathlib import Path

import onnxruntime as ort

from edge.errors import ModelError


def session_options(threads: int) -> ort.SessionOptions:
    """Options for `threads` threads an operator; waiting threads sleep: a quiet road costs nothing."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # plans kept per input size cost a camera unit 60 MB and gain nothing
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options


def open_session(path: Path, threads: int) -> ort.InferenceSession:
    """The network in `path`. Raises ModelError when ONNX Runtime cannot load it."""
    try:
        return ort.InferenceSession(
            path, sess_options=session_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime's errors have no common base below it
        raise ModelError(f"{path} is not a network that ONNX Runtime can load: {error}") from error
