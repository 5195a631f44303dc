"""From a trained model to a bundle, refused where it does not answer as the model."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from glissando import __version__
from glissando.alphabet import ENGLISH
from glissando.bundle import (
    LEXICON,
    LEXICON_LICENCE,
    Bundle,
    BundleError,
    Description,
    write_bundle,
)
from glissando.decoding import BeamSettings
from glissando.evaluation.matching import rank_of
from glissando.export.graphs import export_graphs
from glissando.export.parity import Parity, check_parity
from glissando.export.precision import PRECISIONS, convert
from glissando.export.tuning import search_all, tune
from glissando.features import FeatureSpec
from glissando.keyboard import Keyboard, load_keyboard
from glissando.lexicon.words import word_list_bytes, word_list_licence
from glissando.model.build import parameter_count
from glissando.runtime import GestureDecoder
from glissando.traces import Gesture

PARITY_SWIPES, TUNING_SWIPES = 500, 2000
_WORD_LIST = "en"
_MOST_LOST = 0.3  # points of top-1 that a smaller precision may cost


class ExportError(BundleError):
    """A run that cannot be exported, or not in the precision asked for."""


@dataclass(frozen=True, slots=True)
class PrecisionFacts:
    """What one precision costs and saves.

    Attributes:
        precision: fp32, fp16 or int8.
        megabytes: Size of its graphs.
        top1: Percent of the tuning swipes whose best word is right.
        lost: Points of that below fp32.
        milliseconds: Median time to encode one swipe on one thread.
    """

    precision: str
    megabytes: float
    top1: float
    lost: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how it was checked."""

    description: Description
    parity: Parity
    precisions: tuple[PrecisionFacts, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model and what belongs to it.

    Attributes:
        model: The NeMo model.
        spec: Its features.
        name: What reports shall call it.
        facts: Where it comes from.
    """

    model: Any
    spec: FeatureSpec
    name: str
    facts: Mapping[str, Any]


def export_trained(
    trained: Trained,
    out: Path,
    swipes: Sequence[Gesture],
    boards: Mapping[str, Keyboard],
    *,
    precision: str = "fp32",
    settings: BeamSettings | None = None,
) -> Exported:
    """Write the bundle of a trained model, tuned and checked on real swipes.

    Args:
        trained: The model.
        out: The bundle's folder; a bundle that is there is replaced.
        swipes: Validation swipes; the first `PARITY_SWIPES` check the graphs, and all of them
            tune the prior weight and the temperature and compare the precisions.
        boards: Layout → keyboard.
        precision: fp32, fp16 or int8.
        settings: Search settings to start from.

    Raises:
        ParityError: a graph or the n-best differs from torch; nothing is written.
        ExportError: the precision costs more than 0.3 points of top-1; nothing is written.
    """
    with tempfile.TemporaryDirectory() as folder:
        graphs = export_graphs(trained.model, trained.spec, Path(folder))
    description = _description(trained, settings or BeamSettings())
    decoder = GestureDecoder(_bundle(description, graphs))
    frames, _ = _encode(decoder, swipes, boards)
    words = [gesture.word for gesture in swipes]
    description = replace(description, decoding=tune(decoder, frames, words))
    bundle = _bundle(description, graphs)
    parity = check_parity(trained.model, bundle, swipes[:PARITY_SWIPES], boards)
    offers = _precisions(description, graphs, swipes, boards)
    chosen = next(facts for facts in offers if facts.precision == precision)
    if chosen.lost > _MOST_LOST:
        raise ExportError(
            f"{precision}: loses {chosen.lost:.2f} points of top-1, more than {_MOST_LOST}; "
            "nothing was written"
        )
    checked = {"parity": _rounded(parity), "precisions": [*map(_rounded, offers)]}
    files = _files(convert(graphs, precision))
    written = replace(description, precision=precision, facts={**description.facts, **checked})
    return Exported(write_bundle(out, written, files), parity, offers)


def _precisions(
    description: Description,
    graphs: Mapping[str, bytes],
    swipes: Sequence[Gesture],
    boards: Mapping[str, Keyboard],
) -> tuple[PrecisionFacts, ...]:
    offers: list[PrecisionFacts] = []
    for precision in PRECISIONS:
        converted = convert(graphs, precision)
        decoder = GestureDecoder(_bundle(description, converted))
        frames, milliseconds = _encode(decoder, swipes, boards)
        answers = search_all(decoder, frames, decoder.settings)
        right = [rank_of(s.word, found) == 1 for s, found in zip(swipes, answers, strict=True)]
        top1 = 100 * float(np.mean(right))
        megabytes = sum(map(len, converted.values())) / 1e6
        lost = offers[0].top1 - top1 if offers else 0.0
        offers.append(PrecisionFacts(precision, megabytes, top1, lost, milliseconds))
    return tuple(offers)


def _encode(
    decoder: GestureDecoder, swipes: Sequence[Gesture], boards: Mapping[str, Keyboard]
) -> tuple[Any, float]:
    """Frames of all swipes, encoded one by one as a user's are, and the median milliseconds."""
    frames, times = [], []
    for gesture in swipes:
        features = decoder.features([gesture.trace], boards[gesture.layout])
        start = perf_counter()
        frames.append(decoder.scorer.encode(features)[0])
        times.append(1000 * (perf_counter() - start))
    return np.stack(frames), float(np.median(times))


def _description(trained: Trained, settings: BeamSettings) -> Description:
    return Description(
        name=trained.name,
        head="rnnt" if hasattr(trained.model, "joint") else "ctc",
        precision="fp32",
        features=trained.spec,
        alphabet=ENGLISH,
        keyboards=(load_keyboard("qwerty"), load_keyboard("azerty")),
        decoding=settings,
        facts={
            "written_by": f"glissando {__version__}",
            "parameters": parameter_count(trained.model),
            **trained.facts,
        },
    )


def _bundle(description: Description, graphs: Mapping[str, bytes]) -> Bundle:
    return Bundle(description, _files(graphs))


def _files(graphs: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        **graphs,
        LEXICON: word_list_bytes(_WORD_LIST),
        LEXICON_LICENCE: word_list_licence(_WORD_LIST).encode(),
    }


def _rounded(facts: Any) -> dict[str, Any]:
    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: short(entry) for key, entry in value.items()}
        return float(f"{value:.3g}") if isinstance(value, float) else value

    return dict(short(asdict(facts)))
