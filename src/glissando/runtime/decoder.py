"""`GestureDecoder`: a bundle that turns swipes into words, with numpy and onnxruntime alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
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
    SearchSpace,
    WordSearch,
    read_greedily,
)
from glissando.keyboard import Keyboard
from glissando.lexicon import PersonalWords
from glissando.runtime.graphs import Graph
from glissando.runtime.live import LiveGesture
from glissando.runtime.scorers import open_scorer
from glissando.runtime.trial import check_features, check_scorer
from glissando.runtime.vocabulary import Vocabulary
from glissando.traces import Trace, TraceError

# What `decode` takes for a swipe: a trace, `(T, 3)` numbers x, y, t, or points as JSON has them.
Swipe: TypeAlias = "Trace | NDArray[Any] | Sequence[Any]"

Points: TypeAlias = NDArray[np.float32]  # `(T, 3)`, checked

_BATCH = 64  # swipes that the network encodes at once
_MOST_POINTS = 1 << 17  # of a swipe, and of a batch with its padding: two minutes at 1000 Hz
_TINY_SWIPE = Trace(*np.array([[0.2, 0.6], [0.5, 0.5], [0.0, 50.0]], np.float32))

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
        self._features = Graph(bundle, "features.onnx")
        self.scorer: Scorer = open_scorer(bundle)
        self._own = threading.local()  # a search keeps memory that threads must not share
        check_features(self.description, self.features([_TINY_SWIPE], self.keyboard))
        check_scorer(self.description, self.scorer)

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        keyboard: Keyboard | None = None,
        personal: PersonalWords | str | Path | None = None,
        **settings: Any,
    ) -> GestureDecoder:
        """Open a bundle.

        Args:
            path: The bundle's folder; None for the one that ships with the package.
            keyboard: Layout of the swipes to come; None for the bundle's first.
            personal: The user's words or the file that keeps them; None starts with none, in
                memory alone.
            **settings: Fields of `BeamSettings` to use instead of the bundle's, such as `width`.

        Raises:
            BundleError: no bundle there, or one that is damaged or of another kind.
            ValueError: a setting out of range.
        """
        bundle = read_bundle(Path(path) if path is not None else DEFAULT_BUNDLE)
        tuned = replace(bundle.description.decoding, **settings)
        if isinstance(personal, str | Path):
            personal = PersonalWords(personal, alphabet=bundle.description.alphabet)
        return cls(bundle, keyboard=keyboard, personal=personal, settings=tuned)

    @property
    def words(self) -> list[str]:
        """Every word of the list and the user's, as shown; literal candidates are others."""
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
            Candidates, best first; none where the search ended within no word. At most one is
            `literal`: spelt by the network, and no word of the list.

        Raises:
            TraceError: what was given is no swipe.
            ValueError: `n` is below 1.
        """
        return self.decode_batch([trace], keyboard=keyboard, n=n)[0]

    def decode_batch(
        self, traces: Sequence[Swipe], *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[list[Candidate]]:
        """`decode` for many swipes, whose features and frames are computed many at a time."""
        if n < 1:
            raise ValueError(f"n: expected at least 1, found {n}")
        space = self.space()
        search = self._searcher(space)
        blocked = self.personal.changes.blocked
        found: list[list[Candidate]] = []
        for batch in _batches([_points(trace) for trace in traces]):
            encoded = self.scorer.encode(self._compute(batch, keyboard))
            found.extend(search(frames, n, blocked=blocked) for frames in encoded)
        return found

    def live(self, *, keyboard: Keyboard | None = None, n: int = 10) -> LiveGesture:
        """A swipe that is still being drawn: candidates for every new point, without flicker."""
        return LiveGesture(self, keyboard=keyboard, n=n)

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
        return self._compute([_points(trace) for trace in traces], keyboard)

    def _compute(self, swipes: list[Points], keyboard: Keyboard | None) -> NDArray[np.float32]:
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
        return self._features(feeds)[0]

    def _searcher(self, space: SearchSpace) -> WordSearch:
        """This thread's search over some words, kept until they change."""
        own = self._own
        if getattr(own, "space", None) is not space:
            alphabet = self.description.alphabet
            own.search = WordSearch(
                self.scorer, space, self.settings, alphabet, compiled=self._compiled
            )
            own.space = space
        search: WordSearch = own.search
        return search


def _points(swipe: Swipe) -> Points:
    if isinstance(swipe, Trace):
        trace = Trace.from_arrays(swipe.x, swipe.y, swipe.t)  # nothing says that it was checked
    elif not isinstance(swipe, np.ndarray):
        trace = Trace.from_points(swipe)
    elif swipe.ndim == 2 and swipe.shape[1] == 3:
        trace = Trace.from_arrays(*swipe.T)
    else:
        raise TraceError("bad_points", f"expected an array (T, 3), found {swipe.shape}")
    if len(trace) > _MOST_POINTS:
        raise TraceError("too_many_points", f"{len(trace)} points, expected at most {_MOST_POINTS}")
    return trace.points()


def _batches(swipes: list[Points]) -> Iterator[list[Points]]:
    """The swipes in order, so few at a time that padding to the longest takes little memory."""
    batch: list[Points] = []
    longest = 0
    for swipe in swipes:
        longest = max(longest, len(swipe))
        if len(batch) == _BATCH or (batch and (len(batch) + 1) * longest > _MOST_POINTS):
            yield batch
            batch, longest = [], len(swipe)
        batch.append(swipe)
    if batch:
        yield batch
