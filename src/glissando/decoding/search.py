"""Chooses the search that fits a scorer, compiled where it can be."""

from __future__ import annotations

from typing import Protocol

from glissando.decoding.ctc import CtcSearch
from glissando.decoding.internal import LessInternal
from glissando.decoding.kernel import CompiledCtcSearch, CompiledTransducerSearch, is_compiled
from glissando.decoding.pruning import Doubles
from glissando.decoding.scorer import Floats, Ids, Scorer, is_transducer
from glissando.decoding.scores import ScoreTable
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace
from glissando.decoding.transducer import TransducerSearch


class Search(Protocol):
    """A beam search over one swipe's frames after another."""

    @property
    def table(self) -> ScoreTable | None:
        """What a transducer said of the last swipe; None for a CTC model."""
        ...

    def __call__(self, frames: Floats) -> tuple[Ids, Doubles]:
        """Search all frames `(T, P or V)`: nodes and the log probability of ending at each."""
        ...


def make_search(
    scorer: Scorer, space: SearchSpace, settings: BeamSettings, *, compiled: bool | None = None
) -> Search:
    """A search over one swipe's frames; it keeps memory of its own, so one for each thread.

    Args:
        scorer: The network.
        space: The words.
        settings: Beam, prior and internal language model.
        compiled: Whether to use the compiled kernel; None for wherever it was built.
    """
    if compiled is None:
        compiled = is_compiled()
    if is_transducer(scorer):
        if settings.internal_weight:
            scorer = LessInternal(scorer, settings.internal_weight)
        kind = CompiledTransducerSearch if compiled else TransducerSearch
        return kind(scorer, space, settings)
    return (CompiledCtcSearch if compiled else CtcSearch)(scorer, space, settings)
