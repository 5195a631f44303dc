"""The bundle's graphs behind the search's seam, run by onnxruntime on one thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from glissando.bundle import Bundle, BundleError
from glissando.decoding.scorer import Floats, Ids, Scorer

_QUIET = 3  # errors reach the caller as exceptions; onnxruntime's warnings are about graphs


def open_session(bundle: Bundle, name: str) -> Any:
    """One graph of a bundle, on one thread.

    Raises:
        BundleError: onnxruntime cannot read the graph.
    """
    import onnxruntime  # takes longer to import than all of the package

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _QUIET
    try:
        return onnxruntime.InferenceSession(
            bundle.files[name], options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's exceptions share no other base
        raise BundleError(f"{name}: onnxruntime cannot use the graph: {error}") from error


def open_scorer(bundle: Bundle) -> Scorer:
    """The bundle's network.

    Raises:
        BundleError: a graph that cannot be read.
    """
    blank = bundle.description.alphabet.blank
    encoder = open_session(bundle, "encoder.onnx")
    if bundle.description.head == "ctc":
        return OnnxCtc(encoder, blank)
    decoder, joiner = (open_session(bundle, f"{name}.onnx") for name in ("decoder", "joiner"))
    return OnnxTransducer(encoder, decoder, joiner, blank)


class OnnxCtc:
    """A CTC model: one graph from features to log probabilities."""

    def __init__(self, encoder: Any, blank: int) -> None:
        self._encoder, self.blank = encoder, blank

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to log probabilities `(B, T, V)`."""
        frames: Floats = self._encoder.run(None, {"features": features})[0]
        return frames


class OnnxTransducer:
    """A transducer: encoder, prediction network (`decoder`) and joint network (`joiner`)."""

    def __init__(self, encoder: Any, decoder: Any, joiner: Any, blank: int) -> None:
        self._encoder, self._decoder, self._joiner = encoder, decoder, joiner
        self.blank = blank
        self._state_size = int(decoder.get_inputs()[1].shape[1])

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to frames `(B, T, P)`."""
        frames: Floats = self._encoder.run(None, {"features": features})[0]
        return frames

    def initial_state(self) -> tuple[Floats, Floats]:
        """Output and state of the empty prefix: blank from a state of zeros."""
        start = np.array([self.blank], np.int32)
        return self.step(start, np.zeros((1, self._state_size), np.float32))

    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        """Outputs `(B, P)` and states `(B, H)` after one more letter each."""
        feeds = {"labels": labels.astype(np.int64), "states": states}
        outputs, after = self._decoder.run(None, feeds)
        return outputs, after

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        """Log probabilities `(B, T, V)` at frames `(T, P)` after outputs `(B, P)`."""
        log_probs: Floats = self._joiner.run(None, {"frames": frames, "outputs": outputs})[0]
        return log_probs
