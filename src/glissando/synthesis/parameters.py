"""How people swipe, in numbers: the model's parameters as fitted on recorded swipes."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import Any

_FILE = "human.json"


@dataclass(frozen=True, slots=True)
class Device:
    """A phone as a browser shows it.

    Attributes:
        width: Width of the letter area in CSS pixels.
        row_ratio: Height of a row over the width of a key, both in pixels.
        weight: Users who had it, among those of the fit.
    """

    width: float
    row_ratio: float
    interval: float
    still: float
    slop: float


@dataclass(frozen=True, slots=True)
class HumanParameters:
    """Parameters of the stroke model (see `strokes`) and of the touch screen.

    Times are in milliseconds, lengths in key widths unless said otherwise; `_sd` of something
    that must be positive is that of its logarithm.

    Attributes:
        stroke_time: Median duration of a stroke of one key width in a word of two keys.
        stroke_bits: Growth of log duration for each bit log2(1 + distance), as in Fitts' law.
        stroke_keys: Growth of log duration for each doubling of the word's number of keys.
        stroke_sd: Spread of log duration from stroke to stroke.
        stroke_shape: Shape of the lognormal speed profile; larger is more skewed.
        tempo_user_sd: Spread of log duration from user to user.
        tempo_swipe_sd: Spread of log duration from swipe to swipe of a user.
        tempo_hold: Growth of the log odds of a hold with log duration: slow swipes stop more.
        tempo_spread: Growth of log spread with log duration (speed-accuracy trade-off).
        overlap: Mean share of a stroke by which the next one begins early; this cuts corners.
        overlap_straight: What a letter passed straight adds to it, against one that turns back.
        overlap_user_sd: Spread of the share from user to user.
        overlap_sd: Spread of the share from letter to letter.
        hold_logit: Log odds that the finger stops at a letter, in a word of two keys.
        hold_keys: Growth of these log odds for each doubling of the number of keys.
        hold_time: Median time of such a stop.
        hold_sd: Spread of its logarithm.
        double_time: Median extra stop at a doubled letter.
        double_sd: Spread of its logarithm.
        start_time: Median time between touch-down and the first stroke.
        start_sd: Spread of its logarithm.
        end_time: Median time between the last stroke and lift-off.
        end_sd: Spread of its logarithm.
        spread_start: Spread of the first target around its key.
        spread_inner: Spread of the targets between.
        spread_end: Spread of the last target.
        spread_vertical: Vertical spread over horizontal spread.
        spread_user_sd: Spread from user to user of log spread.
        spread_swipe_sd: Spread of log spread from swipe to swipe.
        offset_y: Mean vertical offset of a user's targets, row heights; down is positive.
        offset_user_x: Spread of the horizontal offset from user to user.
        offset_user_y: Spread of the vertical offset from user to user, row heights.
        bow: Spread of a stroke's sideways bulge, in its length.
        drift: Random walk of the touch point, pixels per square root of a sample.
        sample_jitter: Spread of the time between samples about the device's interval.
        still_emitted: Mean share of samples that a device reports though no pixel changed.
        slop: Mean distance, in pixels, that the touch point must leave before moves are reported.
    """

    stroke_time: float
    overshoot: float
    split_logit: float
    split_user_sd: float
    split_tempo: float
    split_at: float
    split_sd: float
    overlap_tempo: float
    tempo_start: float
    overshoot_mean: float
    overshoot_user_sd: float
    hold_user_sd: float
    spread_sd: float
    end_early: float
    drift_user_sd: float
    interval_sd: float
    overshoot_d: float
    stroke_bits: float
    stroke_keys: float
    stroke_sd: float
    stroke_shape: float
    tempo_user_sd: float
    tempo_swipe_sd: float
    tempo_hold: float
    tempo_spread: float
    overlap: float
    overlap_straight: float
    overlap_user_sd: float
    overlap_sd: float
    hold_logit: float
    hold_keys: float
    hold_time: float
    hold_sd: float
    double_time: float
    double_sd: float
    start_time: float
    start_sd: float
    end_time: float
    end_sd: float
    spread_start: float
    spread_inner: float
    spread_end: float
    spread_vertical: float
    spread_user_sd: float
    spread_swipe_sd: float
    offset_y: float
    offset_user_x: float
    offset_user_y: float
    bow: float
    drift: float
    sample_jitter: float
    devices: tuple[Device, ...]
