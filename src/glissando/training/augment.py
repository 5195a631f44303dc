"""Distorts training swipes on the fly: geometry and time, whole batches at once."""

from __future__ import annotations

import torch
from torch import Tensor

from glissando.training.config import AugmentConfig

# Between so many knots a swipe's bend and pace change smoothly: about one a letter.
_KNOTS = 8


def augment(
    points: Tensor,
    lengths: Tensor,
    key_size: Tensor,
    config: AugmentConfig,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Shift, stretch, shear, bend, shake, re-time and thin out each swipe by its own draw.

    Padding stays padding: whatever a padded point becomes, its length still leaves it out.

    Args:
        points: `(B, T, 3)`: x, y in fractions of the letter area, t in milliseconds.
        lengths: `(B,)`, points of each swipe.
        key_size: `(B, 2)` key width and row height, fractions.
        config: Strengths, in keys.
        generator: Source of randomness, on the points' device: drawing a million numbers a batch
            on the CPU would leave a GPU waiting.

    Returns:
        New points of the same shape, and how many of them each swipe has now.
    """
    if not config.enabled:
        return points, lengths
    points, lengths = _thin_out(points, lengths, config, generator)
    count, length, _ = points.shape

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, device=points.device)

    unit = key_size[:, None, :]
    middle = 0.5 / unit
    place = points[..., :2] / unit - middle
    matrix = torch.eye(2, device=points.device) + normal(count, 2, 2) * torch.tensor(
        [[config.scale, config.shear], [config.shear, config.scale]], device=points.device
    )
    place = place @ matrix.transpose(1, 2) + normal(count, 1, 2) * config.offset
    if config.jitter:
        place = place + normal(count, length, 2) * config.jitter
    if config.bend:
        place = place + _along(normal(count, _KNOTS, 2) * config.bend, lengths, length)
    clock = points[..., 2:]
    if config.pace:
        clock = _unevenly(clock, _along(normal(count, _KNOTS, 1) * config.pace, lengths, length))
    clock = clock * torch.exp(normal(count, 1, 1) * config.tempo)
    return torch.cat([(place + middle) * unit, clock], dim=-1), lengths


def _along(knots: Tensor, lengths: Tensor, length: int) -> Tensor:
    """Values `(B, T, C)` through the knots `(B, K, C)`, which lie evenly along each swipe."""
    at = torch.arange(length, device=knots.device) / (lengths.unsqueeze(1) - 1).clamp(min=1)
    at = (at * (_KNOTS - 1)).clamp(max=_KNOTS - 1).unsqueeze(-1)
    left = at.long().clamp(max=_KNOTS - 2)
    weight = at - left
    weight = weight * weight * (3 - 2 * weight)
    index = left.expand(-1, -1, knots.shape[2])
    before, after = knots.gather(1, index), knots.gather(1, index + 1)
    return before + (after - before) * weight


def _unevenly(clock: Tensor, log_pace: Tensor) -> Tensor:
    """The clock `(B, T, 1)` with each interval stretched by the exponential of `log_pace`."""
    steps = clock.diff(dim=1) * log_pace[:, 1:].exp()
    return torch.cat([clock[:, :1], clock[:, :1] + steps.cumsum(dim=1)], dim=1)


def _thin_out(
    points: Tensor, lengths: Tensor, config: AugmentConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Cut off the end and leave out points between first and last, a share drawn per swipe.

    It is what a slow screen or a finger lifted early does. A swipe keeps at least two points, if
    it had as many.
    """
    if not (config.drop or config.cut):
        return points, lengths
    count, length, _ = points.shape
    drawn = torch.rand(2, count, generator=generator, device=points.device)
    share = torch.rand(count, length, generator=generator, device=points.device)
    kept = lengths - (lengths * config.cut * drawn[0]).long()
    kept = torch.maximum(kept, lengths.clamp(max=2))
    index = torch.arange(length, device=points.device)
    last = kept.unsqueeze(1) - 1
    stays = share >= config.drop * drawn[1].unsqueeze(1)
    stays = (stays | (index == 0) | (index == last)) & (index <= last)
    order = (~stays).byte().argsort(dim=1, stable=True)  # what stays moves to the front, in order
    return points.gather(1, order.unsqueeze(-1).expand_as(points)), stays.sum(dim=1)
