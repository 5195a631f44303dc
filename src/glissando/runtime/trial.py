"""Runs a bundle's graphs once when it is opened: do they fit each other and the description?"""

from __future__ import annotations

import numpy as np

from glissando.bundle import BundleError, Description
from glissando.decoding.scorer import Floats, Ids, Scorer, is_transducer
from glissando.runtime.graphs import WIDEST

_TOLERANCE = 0.01  # of the sum of all probabilities; eight-bit weights do not touch it


def check_features(description: Description, features: Floats) -> None:
    """Hold the features of one swipe to the description.

    Raises:
        BundleError: another shape.
    """
    spec = description.features
    _expect("features.onnx: features", features, (1, spec.width, spec.points))


def check_scorer(description: Description, scorer: Scorer) -> None:
    """Hold what a network makes of two swipes' features of zeros to the description.

    Raises:
        BundleError: shapes that do not fit, or scores that are no log probabilities.
    """
    spec, classes = description.features, description.alphabet.classes
    frames = scorer.encode(np.zeros((2, spec.width, spec.points), np.float32))
    steps, width = frames.shape[1:]
    if not 0 < steps <= spec.points or width > WIDEST:
        raise BundleError(
            f"encoder.onnx: frames: expected 1 to {spec.points} of at most {WIDEST} numbers, "
            f"found {steps} of {width}"
        )
    if not is_transducer(scorer):
        _expect("encoder.onnx: frames", frames, (2, steps, classes))
        _expect_log_probabilities("encoder.onnx", frames)
        return
    output, state = scorer.initial_state()
    letters: Ids = np.array([0, scorer.blank], np.int32)
    outputs, states = scorer.step(letters, np.repeat(state, 2, axis=0))
    _expect("decoder.onnx: outputs", output, (1, width))
    _expect("decoder.onnx: outputs", outputs, (2, width))
    _expect("decoder.onnx: next_states", states, (2, state.shape[1]))
    log_probs = scorer.joint(frames[0], outputs)
    _expect("joiner.onnx: log_probs", log_probs, (2, steps, classes))
    _expect_log_probabilities("joiner.onnx", log_probs)


def _expect(what: str, array: Floats, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise BundleError(f"{what}: expected the shape {shape}, found {array.shape}")


def _expect_log_probabilities(what: str, scores: Floats) -> None:
    totals = np.logaddexp.reduce(scores.astype(np.float64), axis=-1)
    if np.abs(totals).max() > _TOLERANCE:
        raise BundleError(f"{what}: its scores are not logarithms of probabilities")
