"""`finetune`: a bundle and one person's swipes in, their bundle and honest numbers out."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from glissando import __version__
from glissando.alphabet import ENGLISH, WordError
from glissando.bundle import LEXICON, Bundle, BundleError, Description, read_bundle, write_bundle
from glissando.datasets import DataError
from glissando.evaluation.matching import rank_of
from glissando.export.graphs import export_graphs
from glissando.export.parity import check_parity
from glissando.export.precision import convert
from glissando.finetuning.batches import endless_batches, synthetic_swipes
from glissando.finetuning.recipe import Recipe
from glissando.finetuning.steps import adapt
from glissando.finetuning.weights import restore_from_bundle
from glissando.keyboard import Keyboard
from glissando.lexicon import Lexicon
from glissando.runtime import GestureDecoder
from glissando.traces import Gesture

FEWEST = 20
MOST_FORGOTTEN = 1.0
"""Points of top-1 on other people's swipes that adapting may cost."""

_LEAST_HELD_BACK = 0.2
# So few, because torch searches without the compiled kernel: some seconds a swipe.
_PROVING, CHECKED = 1, 8
# Facts of the old weights that say nothing of the new ones.
_OUTDATED = ("parity", "precisions")


@dataclass(frozen=True, slots=True)
class Change:
    """Percent of some swipes whose best word is right, before and after.

    Attributes:
        n: Swipes.
        before: With the old weights.
        after: With the new ones.
    """

    n: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Finetuned:
    """What came of it.

    Attributes:
        trained_on: The person's swipes that were trained on.
        held_back: The person's other swipes.
        general: Other people's swipes; None where there were none to check with.
        written: The new bundle's description; None where it forgot too much.
    """

    trained_on: int
    held_back: Change
    general: Change | None
    written: Description | None


def finetune(
    folder: Path,
    swipes: Sequence[Gesture],
    out: Path,
    boards: Mapping[str, Keyboard],
    *,
    validation: Sequence[Gesture] = (),
    hold_back: float = 0.25,
    recipe: Recipe | None = None,
    checked: int = CHECKED,
    advance: Callable[[int], object] = lambda steps: None,
) -> Finetuned:
    """Adapt a bundle to one person and write the new bundle, if it is as good for other people.

    Args:
        folder: The bundle to start from; it stays as it is.
        swipes: The person's swipes, oldest first: the last ones are held back.
        out: Folder of the new bundle; must not be there yet.
        boards: Layout → keyboard, for every layout of all swipes.
        validation: Other people's swipes, to see what was forgotten.
        hold_back: Share of the swipes to measure on, at least a fifth.
        recipe: How to train.
        checked: Held-back swipes on which the new graphs are held to torch.
        advance: Told the steps made.

    Raises:
        BundleError: no bundle, one that cannot be trained on (see `restore_from_bundle`), or
            something is at `out`.
        ParityError: an exported graph answers otherwise than torch.
        DataError: too few swipes whose words the alphabet can spell.
        ValueError: `hold_back` out of range.
    """
    recipe = recipe or Recipe()
    if not _LEAST_HELD_BACK <= hold_back <= 0.8:
        raise ValueError(f"hold_back: expected {_LEAST_HELD_BACK} to 0.8, found {hold_back}")
    if os.path.lexists(out):
        raise BundleError(f"{out}: is there already; nothing was written")
    own, held = split(swipes, hold_back)
    old = read_bundle(folder)
    before = GestureDecoder(old)
    model = restore_from_bundle(old)
    check_parity(model, old, held[:_PROVING], boards)  # proves that the weights were found
    lexicon = _lexicon(old)
    made = synthetic_swipes(lexicon, boards[own[0].layout], recipe.seed)
    batches = endless_batches(own, made, boards, old.description.features, recipe)
    adapt(model, batches, lexicon, recipe, old.description.decoding.prior_weight, advance)

    with tempfile.TemporaryDirectory() as temporary:
        graphs = export_graphs(model, old.description.features, Path(temporary))
    wide = Bundle(replace(old.description, precision="fp32"), {**old.files, **graphs})
    parity = check_parity(model, wide, held[:checked], boards)
    files = {**old.files, **convert(graphs, old.description.precision)}
    after = GestureDecoder(Bundle(old.description, files))
    change = _compare(before, after, held, boards)
    general = _compare(before, after, validation, boards) if validation else None
    if general and general.before - general.after > MOST_FORGOTTEN:
        return Finetuned(len(own), change, general, None)
    facts = {
        "trained_on": len(own),
        "held_back": _rounded(change),
        "general": _rounded(general) if general else None,
        "recipe": asdict(recipe),
        "parity_swipes": parity.swipes,
        "written_by": f"glissando {__version__}",
    }
    description = _described(old.description, facts)
    return Finetuned(len(own), change, general, write_bundle(out, description, files))


def split(swipes: Sequence[Gesture], hold_back: float) -> tuple[list[Gesture], list[Gesture]]:
    """The swipes to train on and the later ones to measure on.

    Raises:
        DataError: too few swipes whose words the alphabet can spell.
    """
    usable = [gesture for gesture in swipes if _can_spell(gesture.word)]
    if len(usable) < FEWEST:
        raise DataError(
            f"{len(usable)} swipes to learn from, expected at least {FEWEST}; record some more"
        )
    held = math.ceil(hold_back * len(usable))
    return usable[:-held], usable[-held:]


def top1(decoder: GestureDecoder, swipes: Sequence[Gesture], boards: Mapping[str, Keyboard]) -> int:
    """How many swipes' best word is right."""
    found = (decoder.decode(g.trace, keyboard=boards[g.layout], n=1) for g in swipes)
    return sum(rank_of(g.word, best) == 1 for g, best in zip(swipes, found, strict=True))


def _compare(
    before: GestureDecoder,
    after: GestureDecoder,
    swipes: Sequence[Gesture],
    boards: Mapping[str, Keyboard],
) -> Change:
    rates = (100 * top1(decoder, swipes, boards) / len(swipes) for decoder in (before, after))
    return Change(len(swipes), *rates)


def _described(old: Description, facts: Mapping[str, Any]) -> Description:
    kept = {name: value for name, value in old.facts.items() if name not in _OUTDATED}
    name = f"{old.name.removesuffix('-finetuned')}-finetuned"
    return replace(old, name=name, facts={**kept, "finetuned": {"from": old.name, **facts}})


def _rounded(change: Change) -> dict[str, float]:
    return {
        "n": change.n,
        "before": round(change.before, 2),
        "after": round(change.after, 2),
    }


def _lexicon(bundle: Bundle) -> Lexicon:
    return Lexicon.from_bytes(bundle.files[LEXICON], LEXICON)


def _can_spell(word: str) -> bool:
    try:
        ENGLISH.normalise(word)
    except WordError:
        return False
    return True
