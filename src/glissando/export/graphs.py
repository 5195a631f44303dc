"""The parts of a trained NeMo model as modules that become one ONNX graph each.

The projections into the joint network belong to the encoder and the prediction network here, so
that they are computed once for each frame and once for each prefix, not once for each pair.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from glissando.features import FeatureSpec
from glissando.model.frontend import SwipeFeatures

OPSET = 17


class EncoderGraph(torch.nn.Module):
    """Features `(B, F, N)` to frames `(B, T, P)` (transducer) or log probabilities (CTC)."""

    def __init__(self, model: Any, points: int) -> None:
        super().__init__()
        self._encoder, self._points = model.encoder, points
        is_transducer = hasattr(model, "joint")
        self._project = model.joint.enc if is_transducer else None
        self._classify = None if is_transducer else model.decoder

    def forward(self, features: Tensor) -> Tensor:
        """Encode swipes that all have N points, as resampling makes them."""
        encoded = self._encode(features)
        if self._classify is not None:
            log_probs: Tensor = self._classify(encoder_output=encoded)
            return log_probs
        assert self._project is not None
        frames: Tensor = self._project(encoded.transpose(1, 2))
        return frames

    def _encode(self, features: Tensor) -> Tensor:
        """NeMo's encoder `(B, F, N)` to `(B, D, T)`, without its masks, which hide nothing here.

        The parity check holds it to the whole encoder.
        """
        encoder = self._encoder
        lengths = torch.full((features.shape[0],), self._points, dtype=torch.int64)
        frames: Tensor
        if not hasattr(encoder, "layers"):  # not a Conformer: as it is
            frames, _ = encoder(audio_signal=features, length=lengths)
            return frames
        frames, _ = encoder.pre_encode(x=features.transpose(1, 2), lengths=lengths)
        frames, positions = encoder.pos_enc(x=frames)
        for layer in encoder.layers:
            frames = layer(x=frames, att_mask=None, pos_emb=positions, pad_mask=None)
        return frames.transpose(1, 2)


class PredictionGraph(torch.nn.Module):
    """One letter for each of B prefixes; blank from a state of zeros is the empty prefix."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._embed = model.decoder.prediction["embed"]
        self._lstm = model.decoder.prediction["dec_rnn"].lstm
        self._project = model.joint.pred

    @property
    def state_size(self) -> int:
        """Numbers in one prefix's state: hidden and cell values of every layer."""
        return 2 * int(self._lstm.num_layers) * int(self._lstm.hidden_size)

    def forward(self, labels: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """Labels `(B,)` and states `(B, H)` to outputs `(B, P)` and states `(B, H)`."""
        layers, hidden = self._lstm.num_layers, self._lstm.hidden_size
        parts = states.reshape(-1, 2, layers, hidden).permute(1, 2, 0, 3).contiguous()
        output, (h, c) = self._lstm(self._embed(labels).unsqueeze(0), (parts[0], parts[1]))
        after = torch.stack([h, c]).permute(2, 0, 1, 3).reshape(-1, 2 * layers * hidden)
        return self._project(output.squeeze(0)), after


class JointGraph(torch.nn.Module):
    """Every frame of a swipe beside B prefixes: log probabilities `(B, T, V)` of the labels."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._net = model.joint.joint_net

    def forward(self, frames: Tensor, outputs: Tensor) -> Tensor:
        """Frames `(T, P)` and prefixes `(B, P)` to log probabilities `(B, T, V)`."""
        log_probs: Tensor = self._net(frames + outputs.unsqueeze(1)).log_softmax(dim=-1)
        return log_probs


def write_graph(
    module: torch.nn.Module,
    examples: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:
    """Trace a module into an ONNX file.

    Args:
        module: What to export; put into evaluation mode.
        examples: Inputs to trace it with.
        path: File to write.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        axes: Which axes of which inputs and outputs may have any size, and their names.
    """
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tracing, which the parity check answers better
        torch.onnx.export(
            module.eval(),
            examples,
            str(path),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,  # the newer exporter keeps NeMo's length masks as control flow
        )


def export_graphs(model: Any, spec: FeatureSpec, folder: Path) -> dict[str, bytes]:
    """All graphs of a model, float32, by the names that a bundle gives them.

    Args:
        model: An `EncDecRNNTModel` or `EncDecCTCModel`.
        spec: The features that it was trained on.
        folder: Where to put the files meanwhile.
    """
    points = torch.zeros(2, 4, 3)
    points[..., 2] = torch.arange(4.0)
    centres = torch.rand(len(spec.letters), 2)
    write_graph(
        SwipeFeatures(spec),
        (points, torch.tensor([4, 3]), centres, torch.rand(2)),
        folder / "features.onnx",
        ["points", "lengths", "centres", "key_size"],
        ["features"],
        {"points": {0: "B", 1: "T"}, "lengths": {0: "B"}, "features": {0: "B"}},
    )
    encoder = EncoderGraph(model, spec.points)
    features = torch.zeros(2, spec.width, spec.points)
    write_graph(
        encoder,
        (features,),
        folder / "encoder.onnx",
        ["features"],
        ["frames"],
        {"features": {0: "B"}, "frames": {0: "B"}},
    )
    if hasattr(model, "joint"):
        _export_transducer(model, encoder(features)[0].detach(), folder)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.onnx"))}


def _export_transducer(model: Any, frames: Tensor, folder: Path) -> None:
    prediction = PredictionGraph(model)
    labels, states = torch.zeros(2, dtype=torch.int64), torch.zeros(2, prediction.state_size)
    names = ["labels", "states"], ["outputs", "next_states"]
    batch = {name: {0: "B"} for name in (*names[0], *names[1])}
    write_graph(prediction, (labels, states), folder / "decoder.onnx", *names, batch)
    outputs = prediction(labels, states)[0].detach()
    axes = {"frames": {0: "T"}, "outputs": {0: "B"}, "log_probs": {0: "B", 1: "T"}}
    write_graph(
        JointGraph(model),
        (frames, outputs),
        folder / "joiner.onnx",
        ["frames", "outputs"],
        ["log_probs"],
        axes,
    )
