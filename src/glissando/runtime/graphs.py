"""One graph of a bundle, run by onnxruntime on one thread with bounded memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from glissando.bundle import Bundle, BundleError
from glissando.bundle.graph_check import check_graph
from glissando.decoding.scorer import Floats

WIDEST = 1 << 14
"""Numbers in a frame or a state at most: the search keeps thousands of them."""
_QUIET = 4  # errors reach the caller as exceptions
_MOST_MEMORY = 1 << 30  # bytes of weights and intermediate tensors of all graphs in the process
_MOST_FOLDED = 1 << 24  # bytes that a constant may grow to while a graph is read


class Graph:
    """A graph that has been checked, and whose outputs are finite numbers or an error."""

    def __init__(self, bundle: Bundle, name: str) -> None:
        """Open a graph.

        Raises:
            BundleError: not a graph that a bundle may hold, or onnxruntime cannot read it.
        """
        import onnxruntime  # takes longer to import than all of the package

        check_graph(bundle.files[name], name)
        self._name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        for key, value in _SESSION.items():
            options.add_session_config_entry(key, value)
        _bound_memory()
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.files[name], options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's exceptions share no other base
            raise BundleError(f"{name}: onnxruntime cannot use the graph: {error}") from error

    def width(self, at: int) -> int:
        """Size of the last axis of an input.

        Raises:
            BundleError: the graph leaves it open, or it is too large for a network.
        """
        given = self._session.get_inputs()[at]
        width = given.shape[-1]
        if not isinstance(width, int) or width > WIDEST:
            raise BundleError(
                f"{self._name}: {given.name}: expected at most {WIDEST} numbers, found {width!r}"
            )
        return width

    def __call__(self, feeds: Mapping[str, Any]) -> list[Floats]:
        """All outputs for some inputs.

        Raises:
            BundleError: the graph cannot compute them, or not as finite numbers.
        """
        try:
            outputs: list[Floats] = self._session.run(None, feeds)
        except Exception as error:
            raise BundleError(f"{self._name}: cannot be run: {error}") from error
        for output in outputs:
            if not math.isfinite(float(output.sum())):  # several times faster than asking each
                raise BundleError(f"{self._name}: answers with numbers that are not finite")
        return outputs


_SESSION = {
    "session.load_model_format": "ONNX",  # or bytes could pass for onnxruntime's own format
    "session.use_env_allocators": "1",
    "optimization.constant_folding_max_output_size_in_bytes": str(_MOST_FOLDED),
}


@lru_cache(maxsize=1)
def _bound_memory() -> None:
    """Share one allocator with a limit among all graphs of the process."""
    import onnxruntime

    kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    place = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
    limits = onnxruntime.OrtArenaCfg({"max_mem": _MOST_MEMORY})
    try:
        onnxruntime.create_and_register_allocator(place, limits)
    except Exception:  # someone else in this process has set theirs, which serves us too
        return
