"""The bundle's network behind the search's seam."""

from __future__ import annotations

import numpy as np

from glissando.bundle import Bundle
from glissando.decoding.scorer import Floats, Ids, Scorer
from glissando.runtime.graphs import Graph


def open_scorer(bundle: Bundle) -> Scorer:
    """The bundle's network.

    Raises:
        BundleError: a graph that cannot be read.
    """
    blank = bundle.description.alphabet.blank
    encoder = Graph(bundle, "encoder.onnx")
    if bundle.description.head == "ctc":
        return OnnxCtc(encoder, blank)
    decoder, joiner = Graph(bundle, "decoder.onnx"), Graph(bundle, "joiner.onnx")
    return OnnxTransducer(encoder, decoder, joiner, blank)


class OnnxCtc:
    """A CTC model: one graph from features to log probabilities."""

    def __init__(self, encoder: Graph, blank: int) -> None:
        self._encoder, self.blank = encoder, blank

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to log probabilities `(B, T, V)`."""
        return self._encoder({"features": features})[0]


class OnnxTransducer:
    """A transducer: encoder, prediction network (`decoder`) and joint network (`joiner`)."""

    def __init__(self, encoder: Graph, decoder: Graph, joiner: Graph, blank: int) -> None:
        self._encoder, self._decoder, self._joiner = encoder, decoder, joiner
        self.blank = blank
        self._state_size = decoder.width(1)

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to frames `(B, T, P)`."""
        return self._encoder({"features": features})[0]

    def initial_state(self) -> tuple[Floats, Floats]:
        """Output and state of the empty prefix: blank from a state of zeros."""
        start = np.array([self.blank], np.int32)
        return self.step(start, np.zeros((1, self._state_size), np.float32))

    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        """Outputs `(B, P)` and states `(B, H)` after one more letter each."""
        feeds = {"labels": labels.astype(np.int64), "states": states}
        outputs, after = self._decoder(feeds)
        return outputs, after

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        """Log probabilities `(B, T, V)` at frames `(T, P)` after outputs `(B, P)`."""
        return self._joiner({"frames": frames, "outputs": outputs})[0]
