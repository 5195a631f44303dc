"""How people swipe, in numbers: the model's parameters as fitted on recorded swipes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

_FITTED = "human.json"


class SynthesisError(ValueError):
    """A word, a keyboard or parameters from which no swipe can be made."""


@dataclass(frozen=True, slots=True)
class Device:
    """A phone as a web page sees it.

    Attributes:
        width: Width of the letter area in CSS pixels.
        row_ratio: Height of a row over the width of a key, both in pixels.
        interval: Milliseconds between two samples.
        still: Probability that a sample is reported though the finger moved no whole pixel.
        slop: Pixels that the finger must leave before its first move is reported.
    """

    width: float
    row_ratio: float
    interval: float
    still: float
    slop: float


@dataclass(frozen=True, slots=True)
class HumanParameters:
    """Parameters of the model that `people`, `aim`, `strokes` and `touchscreen` describe.

    Times are in milliseconds and lengths in key widths unless said otherwise. Of a quantity that
    is always positive, a spread (`_sd`) is that of its natural logarithm. Tempo is the natural
    logarithm of how much slower than the median a swipe is.

    Attributes:
        tempo_user_sd: Spread of tempo from user to user.
        tempo_swipe_sd: Spread of tempo from swipe to swipe of one user.
        stroke_time: Median duration of a stroke of one key width.
        stroke_bits: Growth of log duration for each bit log2(1 + length): Fitts' law.
        stroke_sd: Spread of duration from stroke to stroke.
        stroke_shape: Shape of the lognormal speed profile; larger is more skewed.
        split_logit: Log odds that a way from key to key takes a second, corrective stroke.
        split_user_sd: Spread of these log odds from user to user.
        split_tempo: Their growth with tempo.
        split_at: Mean share of the way after which the correction begins.
        split_sd: Sideways error at that place, per square root of the way's length.
        overlap: Mean share of a stroke by which the next begins early: this cuts corners.
        overlap_straight: What going straight on adds to it, against turning back.
        overlap_tempo: What tempo takes from it.
        overlap_user_sd: Spread of the share from user to user.
        overlap_sd: Spread of the share from stroke to stroke.
        hold_logit: Log odds that the finger stops at a letter, in a word of two keys.
        hold_keys: Their growth with each doubling of the number of keys.
        hold_tempo: Their growth with tempo.
        hold_user_sd: Their spread from user to user.
        hold_time: Median time of such a stop.
        hold_sd: Its spread.
        double_time: Median stop at a doubled letter.
        double_sd: Its spread.
        start_time: Median time from touch-down to the first stroke.
        start_sd: Its spread.
        end_time: Median time from the last stroke to lift-off.
        end_sd: Its spread.
        end_early: Spread of the share of the last stroke that lift-off cuts away.
        ends_tempo: Growth of log start and end time with tempo.
        spread_start_x: Horizontal spread of the first target around its key.
        spread_start_y: Vertical spread of the first target.
        spread_inner_x: Horizontal spread of the targets between.
        spread_inner_y: Vertical spread of the targets between.
        spread_end_x: Horizontal spread of the last target.
        spread_end_y: Vertical spread of the last target.
        spread_sd: Spread of the spread from letter to letter: some letters are missed widely.
        spread_swipe_sd: Spread of the spread from swipe to swipe.
        spread_user_sd: Spread of the spread from user to user.
        spread_tempo: Fall of log spread with tempo: the speed-accuracy trade-off.
        overshoot: Mean length by which targets lie beyond their keys.
        overshoot_user_sd: Spread of that mean from user to user (in key widths, not a logarithm).
        overshoot_sd: Spread from letter to letter (in key widths, not a logarithm).
        offset_y: Mean vertical offset of all targets, row heights, positive downwards.
        offset_user_x: Spread of a user's habitual horizontal offset.
        offset_user_y: Spread of a user's habitual vertical offset, row heights.
        bow: Spread of a stroke's sideways bulge, as a share of its length.
        drift: Step of the touch point's random walk, pixels per sample.
        drift_user_sd: Spread of that step from user to user.
        jitter: Scale of the error of a sample's time.
        devices: Phones to draw from, equally likely.
    """

    tempo_user_sd: float
    tempo_swipe_sd: float
    stroke_time: float
    stroke_bits: float
    stroke_sd: float
    stroke_shape: float
    split_logit: float
    split_user_sd: float
    split_tempo: float
    split_at: float
    split_sd: float
    overlap: float
    overlap_straight: float
    overlap_tempo: float
    overlap_user_sd: float
    overlap_sd: float
    hold_logit: float
    hold_keys: float
    hold_tempo: float
    hold_user_sd: float
    hold_time: float
    hold_sd: float
    double_time: float
    double_sd: float
    start_time: float
    start_sd: float
    end_time: float
    end_sd: float
    end_early: float
    ends_tempo: float
    spread_start_x: float
    spread_start_y: float
    spread_inner_x: float
    spread_inner_y: float
    spread_end_x: float
    spread_end_y: float
    spread_sd: float
    spread_swipe_sd: float
    spread_user_sd: float
    spread_tempo: float
    overshoot: float
    overshoot_user_sd: float
    overshoot_sd: float
    offset_y: float
    offset_user_x: float
    offset_user_y: float
    bow: float
    drift: float
    drift_user_sd: float
    jitter: float
    devices: tuple[Device, ...]

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`; each device is one short list."""
        values = asdict(self)
        values["devices"] = [list(asdict(device).values()) for device in self.devices]
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> HumanParameters:
        """Parameters from a JSON object with every field.

        Raises:
            SynthesisError: a field is missing, unknown or of the wrong type.
        """
        names = [field.name for field in fields(cls)]
        if odd := sorted(set(names) ^ set(values)):
            raise SynthesisError(f"parameters: missing or unknown: {', '.join(odd)}")
        try:
            numbers = {name: float(values[name]) for name in names if name != "devices"}
            devices = tuple(Device(*map(float, row)) for row in values["devices"])
        except (TypeError, ValueError) as error:
            raise SynthesisError(f"parameters: {error}") from error
        if not devices:
            raise SynthesisError("parameters: devices is empty")
        return cls(**numbers, devices=devices)


@lru_cache(maxsize=4)
def load_parameters(path: Path | None = None) -> HumanParameters:
    """The parameters that ship with the package, or those of a file of the same form.

    Raises:
        SynthesisError: the file is not one.
    """
    source = resources.files("glissando.synthesis") / _FITTED if path is None else path
    try:
        return HumanParameters.from_json(json.loads(source.read_text("utf-8"))["parameters"])
    except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise SynthesisError(f"{source}: not a file of parameters: {error}") from error
    except SynthesisError as error:
        raise SynthesisError(f"{source}: {error}") from error
