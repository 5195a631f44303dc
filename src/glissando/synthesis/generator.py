"""Words and users become swipes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.synthesis.aim import aim
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.letters import spell
from glissando.synthesis.parameters import HumanParameters, load_parameters
from glissando.synthesis.people import Manner, draw_people, draw_swipes
from glissando.synthesis.strokes import plan
from glissando.synthesis.touchscreen import record


def synthesize(
    words: Sequence[str],
    keyboard: Keyboard,
    parameters: HumanParameters | None = None,
    rng: np.random.Generator | None = None,
    *,
    people: Manner | None = None,
    users: NDArray[np.int64] | None = None,
) -> SwipeBatch:
    """One humanlike swipe for each word.

    Args:
        words: The words, spelt in letters that the keyboard has (an apostrophe is passed over).
        keyboard: The layout.
        parameters: How people swipe; without it as fitted.
        rng: Source of chance; without it unpredictable.
        people: The synthetic users to choose from; without it each swipe has its own.
        users: `(B,)` index into `people` for each word; without it drawn at random.

    Returns:
        The swipes in the words' order; users are named by their index in `people`.

    Raises:
        SynthesisError: the keyboard lacks a letter, or a word has none.
    """
    p = parameters or load_parameters()
    rng = rng or np.random.default_rng()
    if not words:
        return SwipeBatch.from_gestures([])
    if people is None:
        people, users = draw_people(len(words), p, rng), np.arange(len(words))
    elif users is None:
        users = rng.integers(len(people), size=len(words))
    assert users is not None
    manner = draw_swipes(people[users], p, rng)
    screens = np.array([(d.width, d.row_ratio) for d in p.devices])[manner.device]
    width, row_ratio = screens.T
    letters = spell(words, keyboard)
    strokes = plan(aim(letters, manner, row_ratio, p, rng), letters, manner, p, rng)
    key_pixels = width * keyboard.key_width
    owner, pixels, t = record(strokes, manner, key_pixels, p, rng)
    height = key_pixels * row_ratio / keyboard.key_height
    return SwipeBatch(
        words=tuple(words),
        users=tuple(str(user) for user in users.tolist()),
        lengths=np.bincount(owner, minlength=len(words)),
        x=(pixels[:, 0] / width[owner]).astype(np.float32),
        y=(pixels[:, 1] / height[owner]).astype(np.float32),
        t=t.astype(np.float32),
        width=width.astype(np.float32),
        height=height.astype(np.float32),
    )
