"""A real NeMo model of the smallest size goes through the whole export, untrained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from glissando import GestureDecoder
from glissando.alphabet import ENGLISH
from glissando.bundle import Bundle, read_bundle
from glissando.export import ExportError, ParityError, exporting
from glissando.export.exporting import Trained, export_trained
from glissando.export.parity import check_parity
from glissando.export.precision import convert
from glissando.keyboard import load_keyboard
from glissando.model.build import build_model
from glissando.synthesis import synthesize
from glissando.traces import Gesture
from glissando.training.nemo_settings import feature_spec, nemo_settings
from glissando.training.options import read_config

pytestmark = pytest.mark.slow
BOARDS = {"qwerty": load_keyboard("qwerty")}
WORDS = ["hello", "world", "gesture", "typing", "keyboard", "finger", "letters", "words"]


@pytest.fixture(scope="module")
def gestures() -> list[Gesture]:
    traces = synthesize(WORDS, BOARDS["qwerty"], rng=np.random.default_rng(0)).traces()
    return [Gesture(trace, word) for trace, word in zip(traces, WORDS, strict=True)]


@pytest.fixture(scope="module", params=["rnnt", "ctc"])
def trained(request: pytest.FixtureRequest, repository: Path) -> Trained:
    torch.manual_seed(1)
    recipe = repository / "configs/optimised.yaml"
    config = read_config(recipe, [f"model=tiny-{request.param}"], cuda=False)
    settings = nemo_settings(config, workers=0, max_steps=10, fused=True)
    model = build_model(settings)
    model.eval()
    return Trained(model, feature_spec(config), "tiny", {})


@pytest.fixture(scope="module")
def bundle(
    trained: Trained, gestures: list[Gesture], tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    folder = tmp_path_factory.mktemp("bundle") / "tiny"
    export_trained(trained, folder, gestures, BOARDS)
    return read_bundle(folder)


def test_a_bundle_that_is_written_answers_as_the_model(
    trained: Trained, bundle: Bundle, gestures: list[Gesture]
) -> None:
    parity = check_parity(trained.model, bundle, gestures, BOARDS)
    wanted = {"features.onnx", "encoder.onnx"}
    if bundle.description.head == "rnnt":
        wanted |= {"decoder.onnx", "joiner.onnx"}
    assert set(parity.graphs) == wanted
    assert parity.same_top1 == parity.swipes == len(gestures)
    assert bundle.description.alphabet == ENGLISH
    assert len(GestureDecoder(bundle).decode(gestures[0].trace)) > 1


def test_a_graph_that_answers_otherwise_is_refused(
    trained: Trained, bundle: Bundle, gestures: list[Gesture]
) -> None:
    bias = trained.model.encoder.layers[0].norm_out.bias
    kept = bias.detach().clone()
    with torch.no_grad():  # as if the exporter had lost a bit of it
        bias[0] += 0.01
    try:
        with pytest.raises(ParityError, match=r"encoder\.onnx: differs from torch"):
            check_parity(trained.model, bundle, gestures, BOARDS)
    finally:
        with torch.no_grad():
            bias.copy_(kept)


def test_smaller_precisions_are_smaller_and_answer_nearly_the_same(
    bundle: Bundle, gestures: list[Gesture]
) -> None:
    graphs = {name: data for name, data in bundle.files.items() if name.endswith(".onnx")}
    features = GestureDecoder(bundle).features([g.trace for g in gestures], BOARDS["qwerty"])
    wanted = GestureDecoder(bundle).scorer.encode(features)
    sizes = [len(graphs["encoder.onnx"])]
    for precision, tolerance in (("fp16", 0.02), ("int8", 0.5)):
        converted = convert(graphs, precision)
        assert converted["features.onnx"] == graphs["features.onnx"]
        decoder = GestureDecoder(replace(bundle, files={**bundle.files, **converted}))
        found = decoder.scorer.encode(features)
        assert 0 < np.abs(found - wanted).max() < tolerance * max(1.0, np.abs(wanted).max())
        sizes.append(len(converted["encoder.onnx"]))
    assert sizes == sorted(sizes, reverse=True)


def test_a_precision_that_loses_accuracy_is_not_written(
    trained: Trained, gestures: list[Gesture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An untrained model has no accuracy to lose, so the bound moves instead.
    monkeypatch.setattr(exporting, "_MOST_LOST", -0.1)
    with pytest.raises(ExportError, match=r"fp16: loses 0\.00 points of top-1"):
        export_trained(trained, tmp_path / "lossy", gestures, BOARDS, precision="fp16")
    assert not (tmp_path / "lossy").exists()
