"""Holds exported graphs to the model that they came from, on real swipes, graph by graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from glissando.bundle import Bundle, BundleError
from glissando.decoding import Scorer, WordSearch
from glissando.decoding.scorer import Floats, is_transducer
from glissando.export.graphs import EncoderGraph, JointGraph, PredictionGraph
from glissando.keyboard import Keyboard
from glissando.model.frontend import SwipeFeatures
from glissando.model.scorers import nemo_scorer
from glissando.runtime import GestureDecoder
from glissando.traces import Gesture

GRAPH_TOLERANCE = 1e-4
SCORE_TOLERANCE = 1e-3  # a score adds up the frames of a swipe
LIKELY = 0.01  # of probability: less likely words may fall to pruning on either side


class ParityError(BundleError):
    """An exported graph answers otherwise than the model; the message says which and where."""


@dataclass(frozen=True, slots=True)
class Parity:
    """The greatest differences found.

    Attributes:
        swipes: Swipes compared.
        graphs: Greatest absolute difference of any output, by graph.
        scores: Greatest absolute difference of a candidate's score.
        same_top1: Swipes whose best word is the same.
        missing: Candidates of torch, at least `LIKELY`, that the export does not have.
    """

    swipes: int
    graphs: dict[str, float]
    scores: float
    same_top1: int
    missing: int


def check_parity(
    model: Any, bundle: Bundle, gestures: Sequence[Gesture], boards: Mapping[str, Keyboard]
) -> Parity:
    """Compare every graph, and the whole n-best, with what torch and NeMo compute.

    Args:
        model: The NeMo model.
        bundle: Its float32 export.
        gestures: Real swipes.
        boards: Layout → keyboard.

    Raises:
        ParityError: a graph differs by more than `GRAPH_TOLERANCE`, a score by more than
            `SCORE_TOLERANCE`, a likely candidate is missing, or a best word is another.
    """
    decoder = GestureDecoder(bundle)
    reference = _Reference(model, bundle, decoder)
    graphs: dict[str, float] = {}
    scores, same, missing = 0.0, 0, 0
    for gesture in gestures:
        board = boards[gesture.layout]
        wanted, wanted_words = reference.answers(gesture, board)
        found, found_words = reference.exported(gesture, board)
        for name, values in wanted.items():
            difference = float(np.abs(values - found[name]).max())
            graphs[name] = max(graphs.get(name, 0.0), difference)
        same += [c.word for c in wanted_words[:1]] == [c.word for c in found_words[:1]]
        other = {candidate.word: candidate.score for candidate in found_words}
        for candidate in wanted_words:
            if candidate.word in other:
                scores = max(scores, abs(candidate.score - other[candidate.word]))
            else:
                missing += candidate.probability >= LIKELY
    parity = Parity(len(gestures), graphs, scores, same, missing)
    _judge(parity)
    return parity


def _judge(parity: Parity) -> None:
    for name, difference in parity.graphs.items():
        if not difference <= GRAPH_TOLERANCE:
            raise ParityError(f"{name}: differs from torch by {difference:.2e} on a real swipe")
    if not parity.scores <= SCORE_TOLERANCE:
        raise ParityError(f"n-best: a score differs from torch's by {parity.scores:.2e}")
    if parity.missing:
        raise ParityError(f"n-best: {parity.missing} likely candidates of torch are missing")
    if parity.same_top1 != parity.swipes:
        different = parity.swipes - parity.same_top1
        raise ParityError(f"n-best: another best word on {different} of {parity.swipes} swipes")


class _Reference:
    """The same swipe through torch and through the exported graphs."""

    def __init__(self, model: Any, bundle: Bundle, decoder: GestureDecoder) -> None:
        spec = bundle.description.features
        self._decoder, self._alphabet = decoder, bundle.description.alphabet
        self._features = SwipeFeatures(spec)
        self._encoder = EncoderGraph(model, spec.points).eval()
        is_rnnt = bundle.description.head == "rnnt"
        self._prediction = PredictionGraph(model).eval() if is_rnnt else None
        self._joint = JointGraph(model).eval() if is_rnnt else None
        self._nemo = nemo_scorer(model, self._alphabet.blank)
        # What is read greedily hangs on which of two numbers is larger, however little.
        settings = replace(decoder.settings, literal=False)
        self._searches = {
            id(scorer): WordSearch(scorer, decoder.space(), settings, self._alphabet)
            for scorer in (self._nemo, decoder.scorer)
        }

    def answers(self, gesture: Gesture, board: Keyboard) -> tuple[dict[str, Floats], Any]:
        points = torch.from_numpy(gesture.trace.points())[None]
        layout = board.centre_array(self._alphabet.letters), board.key_size
        with torch.no_grad():
            features = self._features(
                points, torch.tensor([points.shape[1]]), *map(torch.from_numpy, layout)
            )
            frames = self._encoder(features)
            found = {"features.onnx": features, "encoder.onnx": frames}
            if self._prediction is not None and self._joint is not None:
                outputs, states = self._prediction_path(gesture.word)
                found["decoder.onnx"] = torch.cat([outputs, states], dim=1)
                found["joiner.onnx"] = self._joint(frames[0], outputs)
        arrays = {name: value.numpy() for name, value in found.items()}
        return arrays, self._words(self._nemo, self._nemo.encode(arrays["features.onnx"])[0])

    def exported(self, gesture: Gesture, board: Keyboard) -> tuple[dict[str, Floats], Any]:
        scorer = self._decoder.scorer
        features = self._decoder.features([gesture.trace], board)
        frames = scorer.encode(features)
        found = {"features.onnx": features, "encoder.onnx": frames}
        if is_transducer(scorer):
            outputs, state = scorer.initial_state()
            rows = [(outputs, state)]
            for label in self._labels(gesture.word):
                rows.append(scorer.step(np.array([label], np.int32), rows[-1][1]))
            outputs, states = (np.concatenate(part) for part in zip(*rows, strict=True))
            found["decoder.onnx"] = np.concatenate([outputs, states], axis=1)
            found["joiner.onnx"] = scorer.joint(frames[0], outputs)
        return found, self._words(scorer, frames[0])

    def _prediction_path(self, word: str) -> tuple[torch.Tensor, torch.Tensor]:
        assert self._prediction is not None
        states = torch.zeros(1, self._prediction.state_size)
        rows = []
        for label in (self._alphabet.blank, *self._labels(word)):
            output, states = self._prediction(torch.tensor([label]), states)
            rows.append((output, states))
        outputs, after = (torch.cat(part) for part in zip(*rows, strict=True))
        return outputs, after

    def _labels(self, word: str) -> list[int]:
        return self._alphabet.encode(self._alphabet.normalise(word))

    def _words(self, scorer: Scorer, frames: Floats) -> Any:
        return self._searches[id(scorer)](frames, 5)
