"""Replays the encoder as one CUDA graph, so that a fast GPU does not wait for Python."""

from __future__ import annotations

import logging
from typing import Any

import lightning.pytorch as lightning
import torch
from torch import Tensor

from glissando.training.config import Config

log = logging.getLogger("glissando")


def why_not(config: Config, accelerator: str) -> str:
    """What keeps a run's encoder from being captured; empty if nothing does."""
    if not config.train.cuda_graph:
        return "train.cuda_graph=false"
    if accelerator != "gpu":
        return "no GPU"
    if config.train.devices > 1:
        return "more than one process"
    if config.encoder.layer_drop:
        return "encoder.layer_drop draws in Python what to skip"
    return ""


class EncoderGraph(lightning.Callback):
    """Captures the encoder's forward and backward pass once, at the start of training.

    Every training batch has the same shape, and a swipe's network is so small that launching its
    thousands of kernels one by one takes longer than running them. Validation, and whatever has
    another shape, runs as before.
    """

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._hooks: list[Any] = []

    def on_train_start(self, trainer: Any, model: Any) -> None:
        """Capture; the weights are where they stay."""
        shape = (self._batch_size, model.cfg.encoder.feat_in, model.cfg.encoder.pos_emb_max_len)
        signal = torch.zeros(shape, device=model.device)
        length = torch.full(shape[:1], shape[2], device=model.device)
        encoder = model.encoder
        encoder.train()
        with trainer.precision_plugin.forward_context():
            # Weights that autocast has cached would be missing from the graph.
            torch.set_autocast_cache_enabled(False)
            replay = torch.cuda.make_graphed_callables(
                _Positional(encoder), (signal, length), allow_unused_input=True
            )
            torch.set_autocast_cache_enabled(True)
        eager = encoder.forward

        def forward(*, audio_signal: Tensor, length: Tensor, **other: Any) -> Any:
            if encoder.training and audio_signal.shape == shape:
                return replay(audio_signal, length)
            return eager(audio_signal=audio_signal, length=length, **other)

        encoder.forward = forward
        if trainer.accumulate_grad_batches > 1:
            # A replay writes its gradients where the last one did, and torch keeps the first
            # ones of a step without copying them: the next batch would write over them.
            self._hooks = [p.register_hook(torch.clone) for p in encoder.parameters()]
        log.info("encoder: captured as a CUDA graph of %d swipes", self._batch_size)

    def on_train_end(self, trainer: Any, model: Any) -> None:
        """Let the encoder be called as before."""
        model.encoder.__dict__.pop("forward", None)
        for hook in self._hooks:
            hook.remove()


class _Positional(torch.nn.Module):
    """NeMo's encoder with the arguments by position, as graphs take them."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, signal: Tensor, length: Tensor) -> Any:
        return self.encoder(audio_signal=signal, length=length)
