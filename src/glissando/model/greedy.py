"""Reads swipes with a trained NeMo model, letter by letter and without a lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from glissando.features import FeatureSpec
from glissando.keyboard import Keyboard
from glissando.model.frontend import SwipeFeatures
from glissando.traces import Trace


def read_greedily(
    model: Any, spec: FeatureSpec, keyboard: Keyboard, traces: Sequence[Trace]
) -> list[str]:
    """What the model's own greedy decoding makes of some swipes.

    Args:
        model: An `EncDecRNNTModel` or `EncDecCTCModel`, from `restore_model`.
        spec: The features that it was trained on.
        keyboard: Where the keys were.
        traces: B swipes.

    Returns:
        B words, empty where nothing was read.
    """
    lengths = torch.tensor([len(trace) for trace in traces])
    points = torch.nn.utils.rnn.pad_sequence(
        [torch.from_numpy(trace.points()) for trace in traces], batch_first=True
    )
    layout = [keyboard.centre_array(spec.letters), keyboard.key_size]
    centres, key_size = map(torch.from_numpy, layout)
    model.eval()
    with torch.no_grad():
        features = SwipeFeatures(spec)(points, lengths, centres, key_size)
        frames = torch.full((len(traces),), spec.points)
        encoded, frames, *_ = model(processed_signal=features, processed_signal_length=frames)
        if hasattr(model, "joint"):
            found = model.decoding.rnnt_decoder_predictions_tensor(encoded, frames)
        else:
            found = model.decoding.ctc_decoder_predictions_tensor(encoded, frames)
    return [hypothesis.text for hypothesis in found]
