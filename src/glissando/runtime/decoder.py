"""`GestureDecoder`: a bundle that turns swipes into words, with numpy and onnxruntime alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from glissando.bundle import Bundle, Description, read_bundle
from glissando.decoding import (
    BeamSettings,
    Candidate,
    Scorer,
    Search,
    SearchSpace,
    make_search,
    n_best,
    read_greedily,
)
from glissando.keyboard import Keyboard
from glissando.lexicon import PersonalWords
from glissando.runtime.scorers import open_scorer, open_session
from glissando.runtime.vocabulary import Vocabulary
from glissando.traces import Trace, TraceError

# What `decode` takes for a swipe: a trace, `(T, 3)` numbers x, y, t, or points as JSON has them.
Swipe: TypeAlias = "Trace | NDArray[Any] | Sequence[Any]"

DEFAULT_BUNDLE = Path(__file__).parent.parent / "pretrained" / "en-qwerty"


class GestureDecoder:
    """Decodes swipes with one bundle; any number of threads may share one decoder.

    Attributes:
        name: What the bundle calls its model.
        lexicon_name: Name of the word list.
        size_bytes: What the bundle takes on disk.
        description: The bundle's description.
        keyboard: The layout that swipes are drawn on unless a call says otherwise.
        settings: Beam and prior.
        scorer: The network, for a search of your own.
        personal: The user's own, boosted and blocked words; changes take effect at once.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        keyboard: Keyboard | None = None,
        personal: PersonalWords | None = None,
        settings: BeamSettings | None = None,
        compiled: bool | None = None,
    ) -> None:
        self.description: Description = bundle.description
        self.name = self.description.name
        self.size_bytes = self.description.size_bytes
        self.keyboard = keyboard or self.description.keyboards[0]
        self.settings = settings or self.description.decoding
        self._vocabulary = Vocabulary(bundle, personal)
        self.personal = self._vocabulary.personal
        self.lexicon_name = self._vocabulary.lexicon.name
        self._compiled = compiled
        self._features = open_session(bundle, "features.onnx")
        self.scorer: Scorer = open_scorer(bundle)
        self._own = threading.local()  # a search keeps memory that threads must not share

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        keyboard: Keyboard | None = None,
        personal: PersonalWords | None = None,
        **settings: Any,
    ) -> GestureDecoder:
        """Open a bundle.

        Args:
            path: The bundle's folder; None for the one that ships with the package.
            keyboard: Layout of the swipes to come; None for the bundle's first.
            personal: The user's words; None for none, kept in memory.
            **settings: Fields of `BeamSettings` to use instead of the bundle's, such as `width`.

        Raises:
            BundleError: no bundle there, or one that is damaged or of another kind.
            ValueError: a setting out of range.
        """
        bundle = read_bundle(Path(path) if path is not None else DEFAULT_BUNDLE)
        tuned = replace(bundle.description.decoding, **settings)
        return cls(bundle, keyboard=keyboard, personal=personal, settings=tuned)

    @property
    def words(self) -> list[str]:
        """Every word that it can answer, as shown."""
        return self._vocabulary.words

    def decode(
        self, trace: Swipe, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        """The words that a swipe may have meant.

        A swipe whose finger is still moving decodes too, as if it ended here; see `live` for
        candidates that do not flicker meanwhile.

        Args:
            trace: The swipe, in fractions of the keyboard's letter area and milliseconds.
            keyboard: Its layout, where it is not the decoder's.
            n: How many words at most.

        Returns:
            Candidates, best first; none where the search ended within no word.

        Raises:
            TraceError: what was given is no swipe.
        """
        return self.decode_batch([trace], keyboard=keyboard, n=n)[0]

    def decode_batch(
        self, traces: Sequence[Swipe], *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[list[Candidate]]:
        """`decode` for many swipes, whose features and frames are computed together."""
        if not len(traces):
            return []
        space = self.space()
        search = self._search(space)
        found = []
        for frames in self.scorer.encode(self.features(traces, keyboard)):
            nodes, mass = search(frames)
            found.append(n_best(space, self.settings, nodes, mass, n))
        return found

    def decode_greedy(self, trace: Swipe, *, keyboard: Keyboard | None = None) -> str:
        """The letters that the network writes by itself, without the word list."""
        frames = self.scorer.encode(self.features([trace], keyboard))[0]
        return read_greedily(self.scorer, frames, self.description.alphabet)

    def space(self) -> SearchSpace:
        """The words as the search sees them now."""
        return self._vocabulary.space()

    def features(
        self, traces: Sequence[Swipe], keyboard: Keyboard | None = None
    ) -> NDArray[np.float32]:
        """The feature vectors of B swipes, `(B, F, N)`.

        Raises:
            TraceError: what was given is no swipe.
        """
        swipes = [_points(trace) for trace in traces]
        lengths = np.array([len(swipe) for swipe in swipes], np.int64)
        points = np.zeros((len(swipes), int(lengths.max(initial=1)), 3), np.float32)
        for row, swipe in zip(points, swipes, strict=True):
            row[: len(swipe)] = swipe
        board = keyboard or self.keyboard
        feeds = {
            "points": points,
            "lengths": lengths,
            "centres": board.centre_array(self.description.alphabet.letters),
            "key_size": board.key_size,
        }
        features: NDArray[np.float32] = self._features.run(None, feeds)[0]
        return features

    def _search(self, space: SearchSpace) -> Search:
        own = self._own
        if getattr(own, "space", None) is not space:
            own.search = make_search(self.scorer, space, self.settings, compiled=self._compiled)
            own.space = space
        search: Search = own.search
        return search


def _points(swipe: Swipe) -> NDArray[np.float32]:
    if isinstance(swipe, Trace):
        return swipe.points()
    if not isinstance(swipe, np.ndarray):
        return Trace.from_points(swipe).points()
    if swipe.ndim != 2 or swipe.shape[1] != 3:
        raise TraceError("bad_points", f"expected an array (T, 3), found {swipe.shape}")
    return Trace.from_arrays(*swipe.T).points()
