"""The rules that a gesture must pass to be kept: their settings, and each by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from glissando.alphabet import ENGLISH, Alphabet, WordError
from glissando.datasets.records import Located, Rejection
from glissando.fields import option
from glissando.keyboard import Keyboard, keyboard_names, load_keyboard
from glissando.traces import Gesture


@dataclass(frozen=True)
class FilterRules:
    """Bounds of what is kept; lax, because a decoder will meet sloppy swipes too.

    A row that breaks one is set aside, counted under the reason that `RULES` names.
    """

    min_points: int = option(2, "fewest points of a swipe")
    max_points: int = option(2000, "most points of a swipe")
    max_seconds: float = option(30.0, "longest duration of a swipe")
    max_outside_keys: float = option(
        5.0, "farthest that a point may lie outside the letters, in keys"
    )
    max_letters: int = option(30, "longest word")
    include_errors: bool = option(False, "keep swipes that the recorder flagged as wrong (is_err)")
    clean_only: bool = option(False, "keep only what passed the corpus's strict check")


Rule = Callable[[Gesture, FilterRules, Keyboard], str | None]
"""Says what is wrong with a gesture, or nothing."""


def _flagged(gesture: Gesture, rules: FilterRules, _keyboard: Keyboard) -> str | None:
    if gesture.is_err and not rules.include_errors:
        return "the recorder flagged the swipe as wrong"
    return None


def _not_clean(gesture: Gesture, rules: FilterRules, _keyboard: Keyboard) -> str | None:
    if rules.clean_only and not gesture.clean:
        return "did not pass the corpus's strict check"
    return None


def _too_few_points(gesture: Gesture, rules: FilterRules, _keyboard: Keyboard) -> str | None:
    count = len(gesture.trace)
    if count < rules.min_points:
        return f"points: {count}, expected at least {rules.min_points}"
    return None


def _too_many_points(gesture: Gesture, rules: FilterRules, _keyboard: Keyboard) -> str | None:
    count = len(gesture.trace)
    if count > rules.max_points:
        return f"points: {count}, expected at most {rules.max_points}"
    return None


def _no_duration(gesture: Gesture, _rules: FilterRules, _keyboard: Keyboard) -> str | None:
    if len(gesture.trace) > 1 and gesture.trace.duration == 0:
        return "time stands still from the first point to the last"
    return None


def _too_slow(gesture: Gesture, rules: FilterRules, _keyboard: Keyboard) -> str | None:
    seconds = gesture.trace.duration / 1000
    if seconds > rules.max_seconds:
        return f"took {seconds:.1f} s, expected at most {rules.max_seconds:g} s"
    return None


def _far_outside(gesture: Gesture, rules: FilterRules, keyboard: Keyboard) -> str | None:
    trace = gesture.trace
    keys_x = max(-float(trace.x.min()), float(trace.x.max()) - 1) / keyboard.key_width
    keys_y = max(-float(trace.y.min()), float(trace.y.max()) - 1) / keyboard.key_height
    farthest = max(keys_x, keys_y)
    if farthest > rules.max_outside_keys:
        return (
            f"a point lies {farthest:.1f} keys outside the letters, "
            f"expected at most {rules.max_outside_keys:g}"
        )
    return None


RULES: dict[str, Rule] = {
    "flagged": _flagged,
    "not_clean": _not_clean,
    "too_few_points": _too_few_points,
    "too_many_points": _too_many_points,
    "no_duration": _no_duration,
    "too_slow": _too_slow,
    "far_outside": _far_outside,
}
"""Reason → rule, in the order they are tried; a row counts under the first that it fails."""


class Judge:
    """Decides on each gesture: its label, or the rejection."""

    def __init__(
        self,
        rules: FilterRules | None = None,
        keyboards: Iterable[Keyboard] = (),
        alphabet: Alphabet = ENGLISH,
    ) -> None:
        """Take the settings.

        Args:
            rules: The bounds; the defaults if none.
            keyboards: Layouts known beside those that ship; they win where names clash.
            alphabet: What words are spelt in.
        """
        self._rules = rules or FilterRules()
        self._alphabet = alphabet
        self._keyboards = {name: load_keyboard(name) for name in keyboard_names()}
        self._keyboards.update((keyboard.name, keyboard) for keyboard in keyboards)

    def label(self, located: Located) -> str | Rejection:
        """The word in the alphabet's spelling if the gesture is to be kept."""
        gesture = located.gesture
        keyboard = self._keyboards.get(gesture.layout)
        if keyboard is None:
            known = ", ".join(sorted(self._keyboards))
            message = f"layout {gesture.layout!r} is not known; known: {known}"
            return Rejection("unknown_keyboard", message, located.origin)
        if located.language and _primary(located.language) != _primary(keyboard.language):
            message = f"language {located.language!r} on the {keyboard.language} {keyboard.name}"
            return Rejection("other_language", message, located.origin)
        try:
            label = self._alphabet.normalise(gesture.word)
        except WordError as error:
            return Rejection(error.reason, str(error), located.origin)
        if len(label) > self._rules.max_letters:
            message = f"letters: {len(label)}, expected at most {self._rules.max_letters}"
            return Rejection("word_too_long", message, located.origin)
        for reason, rule in RULES.items():
            if message_or_none := rule(gesture, self._rules, keyboard):
                return Rejection(reason, message_or_none, located.origin)
        return label


def _primary(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()
