"""Distorts training swipes on the fly: geometry and time, whole batches at once."""

from __future__ import annotations

import torch
from torch import Tensor

from glissando.training.config import AugmentConfig


def augment(
    points: Tensor, key_size: Tensor, config: AugmentConfig, generator: torch.Generator
) -> Tensor:
    """Shift, stretch, shear, shake and re-time each swipe by its own draw.

    Padding stays padding: whatever a padded point becomes, its length still leaves it out.

    Args:
        points: `(B, T, 3)`: x, y in fractions of the letter area, t in milliseconds.
        key_size: `(B, 2)` key width and row height, fractions.
        config: Strengths, in keys.
        generator: Source of randomness, on the CPU so that every device draws the same.

    Returns:
        New points of the same shape.
    """
    if not config.enabled:
        return points
    count, length, _ = points.shape

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator).to(points.device, non_blocking=True)

    unit = key_size[:, None, :]
    middle = 0.5 / unit
    place = points[..., :2] / unit - middle
    matrix = torch.eye(2, device=points.device) + normal(count, 2, 2) * torch.tensor(
        [[config.scale, config.shear], [config.shear, config.scale]], device=points.device
    )
    place = place @ matrix.transpose(1, 2) + normal(count, 1, 2) * config.offset
    if config.jitter:
        place = place + normal(count, length, 2) * config.jitter
    clock = points[..., 2:] * torch.exp(normal(count, 1, 1) * config.tempo)
    return torch.cat([(place + middle) * unit, clock], dim=-1)
