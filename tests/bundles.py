"""Small real bundles for tests: random weights, a hundred words, the real way of exporting."""

from __future__ import annotations

import gzip
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from small_decoders import WORDS
from torch import Tensor, nn

from glissando.alphabet import ENGLISH
from glissando.bundle import LEXICON, LEXICON_LICENCE, Bundle, Description, write_bundle
from glissando.decoding import BeamSettings
from glissando.export.graphs import export_graphs
from glissando.features import FeatureSpec
from glissando.keyboard import load_keyboard

SPEC = FeatureSpec(ENGLISH.letters, points=32)
_WIDTH, _JOINT, _HIDDEN = 16, 12, 8


class _Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(SPEC.width, _WIDTH, 5, stride=4, padding=2)

    def forward(self, audio_signal: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
        return torch.tanh(self.convolution(audio_signal)), length


class _Ctc(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(_WIDTH, ENGLISH.classes)

    def forward(self, encoder_output: Tensor) -> Tensor:
        scores: Tensor = 3 * self.linear(encoder_output.transpose(1, 2))
        return scores.log_softmax(dim=-1)


class CtcModel(nn.Module):
    """The parts of NeMo's `EncDecCTCModel` that become a graph, by its names."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = _Encoder(), _Ctc()


class TransducerModel(nn.Module):
    """The parts of NeMo's `EncDecRNNTModel` that become graphs, by its names."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder, self.joint = _Encoder(), nn.Module(), nn.Module()
        recurrence = nn.Module()
        recurrence.lstm = nn.LSTM(_HIDDEN, _HIDDEN)
        self.decoder.prediction = nn.ModuleDict(
            {"embed": nn.Embedding(ENGLISH.classes, _HIDDEN), "dec_rnn": recurrence}
        )
        self.joint.enc = nn.Linear(_WIDTH, _JOINT)
        self.joint.pred = nn.Linear(_HIDDEN, _JOINT)
        last = nn.Linear(_JOINT, ENGLISH.classes)
        last.bias.data[ENGLISH.blank] += 1.5  # most frames write no letter
        self.joint.joint_net = nn.Sequential(nn.ReLU(), last)


def graphs(head: str) -> dict[str, bytes]:
    """All graphs of a model with random weights, always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = TransducerModel() if head == "rnnt" else CtcModel()
        with tempfile.TemporaryDirectory() as folder:
            return export_graphs(model, SPEC, Path(folder))


def description(head: str, **changes: Any) -> Description:
    fields: dict[str, Any] = {
        "name": f"tiny-{head}",
        "head": head,
        "precision": "fp32",
        "features": SPEC,
        "alphabet": ENGLISH,
        "keyboards": (load_keyboard("qwerty"), load_keyboard("azerty")),
        "decoding": BeamSettings(width=64, threshold=20.0),
        "facts": {"written_by": "a test"},
    }
    return Description(**fields | changes)


def word_list() -> bytes:
    rows = [f"{word}\t{700 - 3 * at}\n" for at, word in enumerate([*WORDS, "don't", "Paris"])]
    return gzip.compress("".join(["# name: tiny\n", *rows]).encode(), mtime=0)


def write_tiny_bundle(folder: Path, head: str) -> Path:
    """A bundle of `head` (rnnt or ctc) at `folder`."""
    files = {**graphs(head), LEXICON: word_list(), LEXICON_LICENCE: b"CC0-1.0\n"}
    write_bundle(folder, description(head), files)
    return folder


def swipe(word: str, count: int = 40) -> NDArray[np.float32]:
    """Points `(count, 3)` straight from key to key on qwerty, 15 ms apart."""
    centres = load_keyboard("qwerty").centre_array(word)
    at = np.linspace(0, len(word) - 1, count)
    x, y = (np.interp(at, np.arange(len(word)), column) for column in centres.T)
    return np.stack([x, y, 15.0 * np.arange(count)], axis=1).astype(np.float32)


def edited(bundle: Bundle, name: str, edit: Callable[[Any], object]) -> bytes:
    """One of its graphs after `edit` changed the model."""
    model = onnx.load_model_from_string(bundle.files[name])
    edit(model)
    return bytes(model.SerializeToString())


def with_files(bundle: Bundle, files: Mapping[str, bytes]) -> Bundle:
    """The bundle with some files in the place of its own."""
    return Bundle(bundle.description, {**bundle.files, **files})


@contextmanager
def bounded(seconds: float, megabytes: float) -> Iterator[None]:
    """Fails where the block takes more processor time, or raises the peak of memory by more."""
    start, peak = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.thread_time() - start < seconds
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024 < megabytes
