"""A trained NeMo model behind the search's seam, by NeMo's modules: what exports are held to."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from glissando.decoding.scorer import Floats, Ids, Scorer


def nemo_scorer(model: Any, blank: int) -> Scorer:
    """The scorer of an `EncDecRNNTModel` or `EncDecCTCModel`, in evaluation mode."""
    model.eval()
    return NemoTransducer(model, blank) if hasattr(model, "joint") else NemoCtc(model, blank)


class NemoCtc:
    """A CTC model."""

    def __init__(self, model: Any, blank: int) -> None:
        self._model, self.blank = model, blank

    @torch.no_grad()
    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to log probabilities `(B, T, V)`."""
        return _array(self._model.decoder(encoder_output=_encoded(self._model, features)))


class NemoTransducer:
    """A transducer; frames and outputs are projected for the joint network, as in exports."""

    def __init__(self, model: Any, blank: int) -> None:
        self._model, self.blank = model, blank

    @torch.no_grad()
    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to frames `(B, T, P)`."""
        frames = _encoded(self._model, features).transpose(1, 2)
        return _array(self._model.joint.project_encoder(frames))

    @torch.no_grad()
    def initial_state(self) -> tuple[Floats, Floats]:
        """Output and state of the empty prefix."""
        output, state = self._model.decoder.predict(None, None, add_sos=False, batch_size=1)
        return self._projected(output), _flat(state)

    @torch.no_grad()
    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        """Outputs and states after one more letter each."""
        lstm = self._model.decoder.prediction["dec_rnn"].lstm
        parts = states.reshape(len(states), 2, lstm.num_layers, lstm.hidden_size)
        hidden, cell = torch.from_numpy(np.ascontiguousarray(parts.transpose(1, 2, 0, 3)))
        letters = torch.from_numpy(labels.astype(np.int64))[:, None]
        output, state = self._model.decoder.predict(letters, (hidden, cell), add_sos=False)
        return self._projected(output), _flat(state)

    def _projected(self, output: Tensor) -> Floats:
        return _array(self._model.joint.project_prednet(output)[:, 0])

    @torch.no_grad()
    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        """Log probabilities `(B, T, V)` at frames `(T, P)` after outputs `(B, P)`."""
        scores = self._model.joint.joint_after_projection(
            torch.from_numpy(frames)[None], torch.from_numpy(outputs)[None]
        )
        return _array(scores[0].transpose(0, 1).log_softmax(dim=-1))


def _encoded(model: Any, features: Floats) -> Tensor:
    lengths = torch.full((len(features),), features.shape[2])
    encoded: Tensor
    encoded, _ = model.encoder(audio_signal=torch.from_numpy(features), length=lengths)
    return encoded


def _flat(state: Any) -> Floats:
    """LSTM state, two tensors `(layers, B, hidden)`, as `(B, 2 * layers * hidden)`."""
    together = torch.stack(tuple(state)).permute(2, 0, 1, 3)
    return _array(together.reshape(together.shape[0], -1))


def _array(tensor: Tensor) -> Floats:
    return tensor.detach().contiguous().numpy()
