"""The feature frontend: padded points and a keyboard in, the feature vector of the spec out."""

from __future__ import annotations

import torch
from torch import Tensor

from glissando.features import FeatureSpec

# Divides where a duration is 0; smaller than any difference of two time stamps in milliseconds.
_TINY = 1e-30


class SwipeFeatures(torch.nn.Module):
    """Resamples swipes evenly in time and computes the channels that `FeatureSpec.names` lists.

    The module holds no parameters and no keyboard: key centres are an input, so one exported
    graph serves every layout. It uses element-wise float32 operations only, which autocast
    leaves alone, and no control flow that depends on data, so it exports to ONNX.

    Positions are clipped to the spec's bounds before anything is derived from them; a point far
    off the keyboard therefore reads as one at the bound, and nothing overflows.
    """

    def __init__(self, spec: FeatureSpec) -> None:
        super().__init__()
        if spec.points < 2:
            raise ValueError(f"FeatureSpec.points: expected at least 2, found {spec.points}")
        self.spec = spec

    def forward(self, points: Tensor, lengths: Tensor, centres: Tensor, key_size: Tensor) -> Tensor:
        """Features of a batch of swipes.

        Args:
            points: Float `(B, T, 3)`: x and y in fractions of the letter area, t in milliseconds
                that never decrease. What lies behind a swipe's length is never read.
            lengths: Integer `(B,)`, points of each swipe, at least 1.
            centres: Float `(B, K, 2)` or `(K, 2)`: key centres in fractions of the letter area,
                in the order of `spec.letters`; NaN where the layout lacks the letter.
            key_size: Float `(B, 2)` or `(2,)`: key width and row height in the same fractions.

        Returns:
            Float32 `(B, F, N)`: F channels for N = `spec.points` points of every swipe.
        """
        # Key units from the middle of the letter area, for points and key centres alike.
        key_size = key_size.float().unsqueeze(-2)
        before, after, weight, step = self._sample_times(points[..., 2].float(), lengths)
        places = [self._gather(points, index, key_size) for index in (before, after)]
        # Offsets from the first point: their differences lose less to rounding.
        start = places[0][..., :1]
        # Not torch.lerp, which rounds otherwise than its ONNX graph: acceleration would show it.
        offset = places[0] - start
        offset = offset + (places[1] - start - offset) * weight.unsqueeze(1)
        position = start + offset
        near = self._proximity(position, (centres.float() - 0.5) / key_size)
        near_no_key = 1 - near.amax(dim=1, keepdim=True)
        return torch.cat([position, *self._motion(offset, step), near, near_no_key], dim=1)

    def _sample_times(self, time: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Where N even times from a swipe's first point to its last lie between its points.

        The first and the last point are samples. Of points with equal times the last holds,
        but at the start the first does. A swipe that takes no time is its first point.

        Args:
            time: `(B, T)`, milliseconds.
            lengths: `(B,)`.

        Returns:
            Index of the point before and after each sample and the weight of the latter, each
            `(B, N)`; the time between two samples `(B, 1, 1)`.
        """
        intervals = self.spec.points - 1
        count = lengths.long().unsqueeze(1)
        time = time - time[:, :1]
        duration = time.gather(1, count - 1)
        count = torch.where(duration > 0, count, 1)

        # Sample j lies at duration * j / intervals. Every point marks the first sample that it
        # does not come after; adding up the marks counts the points passed at each sample in
        # O(T + N), where comparing all pairs takes O(T * N). Padding marks one past the last.
        passed_at = (time * intervals / duration.clamp(min=_TINY)).ceil().clamp(1, intervals)
        index = torch.arange(time.shape[1], device=time.device)
        passed_at = torch.where(index < count, passed_at, intervals + 1).long()
        marks = torch.zeros_like(count).repeat(1, intervals + 2)
        passed = marks.scatter_add(1, passed_at, torch.ones_like(passed_at)).cumsum(1)[:, :-1]

        before = (passed - 1).clamp(min=0)
        after = torch.minimum(before + 1, count - 1)
        sample = torch.arange(intervals + 1, device=time.device, dtype=torch.float32)
        left, right = time.gather(1, before), time.gather(1, after)
        # In units of duration / intervals, where whole milliseconds stay exact in float32.
        elapsed = duration * sample - left * intervals
        weight = (elapsed / (right - left).clamp(min=_TINY) / intervals).clamp(0, 1)
        return before, after, weight, (duration / intervals).unsqueeze(1)

    def _gather(self, points: Tensor, index: Tensor, key_size: Tensor) -> Tensor:
        """Clipped places in key units, `(B, 2, N)`, of the points `(B, T, 3)` at `(B, N)`."""
        bound = self.spec.max_position
        place = points[..., :2].gather(1, index.unsqueeze(-1).expand(-1, -1, 2)).float()
        return ((place - 0.5) / key_size).clamp(-bound, bound).transpose(1, 2)

    def _motion(self, offset: Tensor, step: Tensor) -> list[Tensor]:
        """The kinematic channels that follow the position.

        Args:
            offset: `(B, 2, N)`, key units.
            step: `(B, 1, 1)`, milliseconds.
        """
        spec = self.spec
        step = step.clamp(min=spec.min_dt)
        log_dt = (step / spec.reference_dt).log().clamp(-spec.max_log_dt, spec.max_log_dt)
        velocity = _central_difference(offset) * (spec.time_unit / step)
        acceleration = _central_difference(velocity) * (spec.time_unit / step)
        speed = velocity.square().sum(dim=1, keepdim=True).sqrt()
        cosine_sine = velocity / speed.clamp(min=spec.min_speed)
        return [
            log_dt.expand(-1, 1, spec.points),
            velocity.clamp(-spec.max_velocity, spec.max_velocity),
            acceleration.clamp(-spec.max_acceleration, spec.max_acceleration),
            cosine_sine.flip(1),
        ]

    def _proximity(self, position: Tensor, keys: Tensor) -> Tensor:
        """Soft proximity to each key, `(B, K, N)`.

        Args:
            position: `(B, 2, N)`, key units.
            keys: `(B, K, 2)` or `(K, 2)`, key units.
        """
        # A key that the layout lacks is infinitely far away: its proximity is exactly 0.
        keys = torch.where(keys.isnan(), torch.inf, keys)
        across = position[:, :1] - keys[..., :1]
        down = position[:, 1:] - keys[..., 1:]
        squared = across.square() + down.square()
        return (squared * (-0.5 / self.spec.sigma**2)).exp()


def _central_difference(values: Tensor) -> Tensor:
    """Change per sample along the last axis; one-sided at both ends."""
    inner = (values[..., 2:] - values[..., :-2]) / 2
    first = values[..., 1:2] - values[..., :1]
    last = values[..., -1:] - values[..., -2:-1]
    return torch.cat([first, inner, last], dim=-1)
