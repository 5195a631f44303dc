"""The optimiser steps that adapt a model, and which of its weights they change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from glissando.alphabet import ENGLISH
from glissando.finetuning.batches import Batch
from glissando.finetuning.recipe import Recipe
from glissando.lexicon import Lexicon
from glissando.training.config import MmiConfig
from glissando.training.discriminative import losses_against_rivals, weighed
from glissando.training.rivals import Rivals
from glissando.training.transducer_loss import CpuTransducerLoss

_WARM_UP = 0.1


def adapt(
    model: Any,
    batches: Iterator[Batch],
    lexicon: Lexicon,
    recipe: Recipe,
    prior_weight: float,
    advance: Callable[[int], object] = lambda steps: None,
) -> float:
    """Train the encoder's norms, biases and first layer, in place.

    They are few: enough for how a person moves, too few to learn the person's words by heart.

    Args:
        model: An `EncDecRNNTModel` or `EncDecCTCModel`.
        batches: At least `recipe.steps` batches.
        lexicon: The words that compete in the search (transducers only).
        recipe: Steps and rates.
        prior_weight: Weight of the list's log prior, as the bundle's search has it.
        advance: Told the steps made.

    Returns:
        Mean loss of the last tenth of the steps.

    Raises:
        ArithmeticError: the loss became infinite or NaN.
    """
    loss = _loss_of(model, lexicon, recipe, prior_weight)
    tuned = _choose_tuned(model)
    optimiser = torch.optim.AdamW(tuned, lr=recipe.lr, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe.steps))
    losses: list[float] = []
    model.train()
    for batch in islice(batches, recipe.steps):
        value = loss(batch)
        if not value.isfinite():
            raise ArithmeticError(f"the loss became {value.item()} at step {len(losses)}")
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(tuned, recipe.clip)
        optimiser.step()
        schedule.step()
        losses.append(value.item())
        advance(1)
    model.eval()
    last = losses[-max(1, len(losses) // 10) :]
    return sum(last) / len(last)


def _choose_tuned(model: Any) -> list[Tensor]:
    """The weights that are trained; no other needs a gradient from now on."""
    model.requires_grad_(False)
    weights = {
        name: weight.requires_grad_()
        for name, weight in model.encoder.named_parameters()
        if weight.dim() == 1 or name.startswith("pre_encode.")
    }
    return list(weights.values())


def _rate(step: int, steps: int) -> float:
    """Share of the highest rate: linear warm-up, then half a cosine."""
    warm = max(1, round(_WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 + 0.5 * math.cos(math.pi * (step - warm) / max(1, steps - warm))


def _loss_of(
    model: Any, lexicon: Lexicon, recipe: Recipe, prior_weight: float
) -> Callable[[Batch], Tensor]:
    if hasattr(model, "joint"):
        model.joint.log_softmax = False  # our loss takes raw logits
        model.loss = CpuTransducerLoss()
        rivals = Rivals(model, ENGLISH, lexicon, MmiConfig(prior_weight=prior_weight))

        def transducer(batch: Batch) -> Tensor:
            found = losses_against_rivals(model, rivals, *_encoded(model, batch), batch.words)
            return weighed(*found, recipe.mmi_weight)

        return transducer

    def ctc(batch: Batch) -> Tensor:
        encoded, lengths = _encoded(model, batch)
        log_probs = model.decoder(encoder_output=encoded)
        value: Tensor = model.loss(
            log_probs=log_probs,
            targets=batch.labels,
            input_lengths=lengths,
            target_lengths=batch.label_lengths,
        )
        return value

    return ctc


def _encoded(model: Any, batch: Batch) -> tuple[Tensor, Tensor]:
    """Encoder frames `(B, D, T)` and how many each swipe has."""
    points = torch.full((len(batch.features),), batch.features.shape[2])
    encoded, lengths = model.encoder(audio_signal=batch.features, length=points)
    return encoded, lengths
