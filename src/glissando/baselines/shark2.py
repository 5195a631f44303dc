"""SHARK2: the template matcher that learned decoders are measured against.

After P. O. Kristensson and S. Zhai, "SHARK2: a large vocabulary shorthand writing system for
pen-based computers", UIST 2004, doi:10.1145/1029632.1029640.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.alphabet import ENGLISH
from glissando.baselines.channels import end_weights, location_distance, shape_distance
from glissando.baselines.templates import TemplateSet, normalise, resample
from glissando.decoding import Candidate
from glissando.keyboard import Keyboard, load_keyboard
from glissando.lexicon import Lexicon, word_list_bytes
from glissando.traces import Trace


@dataclass(frozen=True, slots=True)
class Shark2Parameters:
    """Settings; the defaults are what tools/tune_shark2.py found. Lengths are in key widths.

    Attributes:
        samples: Points that every path is resampled to.
        row_ratio: Height of a row in key widths. The paper measures in pixels, which a trace does
            not know; phones' rows are some 1.6 key widths high, but more tells words better apart.
        radius: Words whose first or last key is farther from the swipe's end are not looked at.
            The paper prunes the same distances after normalisation, which lets through more.
        middle: Location channel: weight of a path's middle over that of its ends.
        tunnel: Location channel: radius of the tunnel around a path in which nothing counts.
        shape_sigma: Standard deviation of the shape channel, in longer sides of the path's box.
        location_sigma: Standard deviation of the location channel.
        prior_weight: Weight of a word's log prior, in place of the paper's language model;
            0 leaves the bare recogniser.
    """

    samples: int = 16
    row_ratio: float = 1.9
    radius: float = 1.75
    middle: float = 0.0
    tunnel: float = 0.6
    shape_sigma: float = 0.07
    location_sigma: float = 0.3
    prior_weight: float = 0.75

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            ValueError: a value out of bounds.
        """
        if self.samples < 2:
            raise ValueError(f"samples: expected 2 or more, found {self.samples}")
        for name in ("row_ratio", "shape_sigma", "location_sigma"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, found {getattr(self, name)}")
        for name in ("radius", "middle", "tunnel", "prior_weight"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected 0 or more, found {getattr(self, name)}")


@dataclass(frozen=True, eq=False, slots=True)
class Distances:
    """How far a swipe is from W paths that pruning left.

    Attributes:
        words: Int `(W,)`: index of each path's word in `Shark2.words`.
        shape: Float64 `(W,)`: of the shape channel.
        location: Float64 `(W,)`: of the location channel.
    """

    words: NDArray[np.int64]
    shape: NDArray[np.float64]
    location: NDArray[np.float64]


class Shark2:
    """A `Decoder` that compares a swipe with the ideal path of every word.

    The paper's two channels, their Gaussian integration, and a word prior. Left out: its language
    model over words, and the weighting of the channels by the swipe's speed. Paths are made when
    a swipe first comes near them, so that early answers take longer.

    Attributes:
        parameters: The settings.
        keyboard: The layout where `decode` is given none.
    """

    name = "shark2"

    def __init__(
        self,
        lexicon: Lexicon,
        keyboard: Keyboard,
        parameters: Shark2Parameters,
        *,
        size_bytes: int = 0,
    ) -> None:
        """Take the parts; `load` finds them by name.

        Args:
            lexicon: The words.
            keyboard: The layout where `decode` is given none.
            parameters: The settings.
            size_bytes: Size of the word list's file, all that a user would download.
        """
        self.parameters = parameters
        self.keyboard = keyboard
        self.lexicon_name = lexicon.name
        self.size_bytes = size_bytes
        # in the order of their letters, so that words of one score follow each other by it
        order = np.array(sorted(range(len(lexicon)), key=lexicon.words.__getitem__))
        self._words = [lexicon.words[index] for index in order]
        self._log_priors = lexicon.log_priors[order].astype(np.float64)
        self._spellings, spelt = lexicon.spellings(ENGLISH)
        self._spelt: list[int] = np.argsort(order)[spelt].tolist()
        self._weights = end_weights(parameters.samples, parameters.middle)
        self._templates: dict[str, TemplateSet] = {}

    @classmethod
    def load(
        cls, lexicon: str | Path | None = None, keyboard: str | Path = "qwerty", **parameters: Any
    ) -> Shark2:
        """Open a word list and a layout.

        Args:
            lexicon: A word list that ships, or a file; the English one if none.
            keyboard: A layout that ships, or a .json file.
            **parameters: Fields of `Shark2Parameters`.

        Raises:
            LexiconError: no such word list, or a word that English letters cannot spell.
            KeyboardError: no such layout.
            ValueError: a parameter out of bounds.
        """
        source = "en" if lexicon is None else lexicon
        data = word_list_bytes(source)
        return cls(
            Lexicon.from_bytes(data, str(source)),
            load_keyboard(keyboard),
            Shark2Parameters(**parameters),
            size_bytes=len(data),
        )

    @property
    def words(self) -> list[str]:
        """Every word that it can answer, as shown."""
        return self._words

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        """The `n` likeliest words at most, best first.

        None where no word begins and ends near the swipe. Equal scores stand in the words' order.
        """
        near = self.distances(trace, keyboard)
        if len(near.words) == 0:
            return []
        scores = self._scores(near)
        likelihoods = np.exp(scores - scores.max())
        probabilities = likelihoods / likelihoods.sum()
        best: dict[int, Candidate] = {}  # of a word with two paths, the nearer
        for at in np.lexsort((near.words, -scores)):
            if len(best) >= n:
                break
            word = int(near.words[at])
            found = Candidate(self._words[word], float(scores[at]), float(probabilities[at]))
            best.setdefault(word, found)
        return list(best.values())

    def decode_greedy(self, trace: Trace, *, keyboard: Keyboard | None = None) -> str | None:
        """None: there is no reading without a lexicon."""
        return None

    def distances(self, trace: Trace, keyboard: Keyboard | None = None) -> Distances:
        """Both channels' distances from the paths of all words that begin and end near the swipe.

        Args:
            trace: The swipe.
            keyboard: The layout; the decoder's own if none.
        """
        templates = self._templates_on(keyboard or self.keyboard)
        points = templates.measured(trace)
        path = resample(points[None], self.parameters.samples)
        location, shape = (paths[0].T.astype(np.float32) for paths in (path, normalise(path)))
        tunnel = self.parameters.tunnel
        found = [
            (
                near.words,
                shape_distance(shape, near.shape),
                location_distance(location, near.location, self._weights, tunnel),
            )
            for near in templates.near(points[0], points[-1], self.parameters.radius)
        ]
        words, shapes, locations = zip(*found, strict=True) if found else ([()], [()], [()])
        return Distances(
            np.concatenate(words).astype(np.int64),
            np.concatenate(shapes).astype(np.float64),
            np.concatenate(locations).astype(np.float64),
        )

    def log_priors(self, words: NDArray[np.int64]) -> NDArray[np.float64]:
        """Natural logarithms of the words' prior probabilities, by their indices."""
        return np.asarray(self._log_priors[words])

    def _scores(self, near: Distances) -> NDArray[np.float64]:
        p = self.parameters
        shape, location = near.shape / p.shape_sigma, near.location / p.location_sigma
        gaussian = -0.5 * (shape * shape + location * location)
        return np.asarray(gaussian + p.prior_weight * self.log_priors(near.words))

    def _templates_on(self, keyboard: Keyboard) -> TemplateSet:
        made = self._templates.get(keyboard.name)
        if made is None or made.keyboard != keyboard:
            made = TemplateSet(
                self._spellings,
                self._spelt,
                keyboard,
                samples=self.parameters.samples,
                row_ratio=self.parameters.row_ratio,
            )
            self._templates[keyboard.name] = made
        return made
