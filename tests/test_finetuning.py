"""From a bundle back to its model, and adapting that to one person without forgetting others."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from glissando.alphabet import ENGLISH
from glissando.bundle import Bundle, BundleError, read_bundle, write_bundle
from glissando.cli.finetune import FORGOT
from glissando.cli.main import app
from glissando.datasets import DataError
from glissando.export.graphs import export_graphs
from glissando.export.precision import convert
from glissando.features import FeatureSpec
from glissando.finetuning import Recipe, finetuning
from glissando.finetuning.batches import endless_batches, synthetic_swipes
from glissando.finetuning.finetuning import split
from glissando.finetuning.steps import adapt
from glissando.finetuning.weights import restore_from_bundle
from glissando.keyboard import load_keyboard
from glissando.lexicon import load_lexicon
from glissando.model.build import build_model
from glissando.model.description import architecture_from_json, architecture_to_json
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.synthesis import synthesize
from glissando.traces import Gesture
from glissando.training.nemo_settings import feature_spec, nemo_settings
from glissando.training.options import read_config

BOARDS = {"qwerty": load_keyboard("qwerty")}
WORDS = ["hello", "world", "gesture", "typing", "keyboard", "finger", "letters", "words"]


def swipes(count: int, seed: int = 0) -> list[Gesture]:
    words = [WORDS[at % len(WORDS)] for at in range(count)]
    made = synthesize(words, BOARDS["qwerty"], rng=np.random.default_rng(seed))
    return list(made.gestures(layout="qwerty", source="test"))


def as_manifest(path: Path, gestures: list[Gesture]) -> Path:
    path.write_text("".join(json.dumps(gesture.to_row()) + "\n" for gesture in gestures))
    return path


@pytest.fixture(scope="module")
def build(repository: Path) -> Callable[[str], tuple[Any, FeatureSpec, dict[str, Any]]]:
    """A small NeMo model as a run would build it, with what export says of its architecture."""

    def build(model: str) -> tuple[Any, FeatureSpec, dict[str, Any]]:
        torch.manual_seed(3)
        config = read_config(repository / "configs/optimised.yaml", model.split(), cuda=False)
        built = build_model(nemo_settings(config, workers=0, max_steps=10, fused=True))
        for part in built.state_dict().values():  # no two alike, as after training
            if part.is_floating_point():
                part.add_(torch.randn(part.shape) * 0.02)
        return built.eval(), feature_spec(config), architecture_to_json(config)

    return build


def bundled(model: Any, spec: FeatureSpec, architecture: Any, precision: str = "fp32") -> Bundle:
    with tempfile.TemporaryDirectory() as folder:
        graphs = export_graphs(model, spec, Path(folder))
    whole = read_bundle(DEFAULT_BUNDLE)
    description = replace(
        whole.description,
        head="rnnt" if hasattr(model, "joint") else "ctc",
        features=spec,
        precision=precision,
        facts={"architecture": architecture},
    )
    return Bundle(description, {**whole.files, **convert(graphs, precision)})


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [
        "model=tiny-rnnt",
        "model=tiny-ctc",
        "model=tiny-rnnt encoder.attention=rel_pos encoder.subsampling=striding "
        "prediction.layers=2",
        "model=tiny loss.ctc_weight=0.3",
    ],
)
def test_a_bundles_graphs_hold_every_weight_of_its_model(build: Any, model: str) -> None:
    wanted, spec, architecture = build(model)
    found = restore_from_bundle(bundled(wanted, spec, architecture))
    before, after = wanted.state_dict(), found.state_dict()
    # A CTC head beside the transducer is in no graph.
    before = {name: value for name, value in before.items() if not name.startswith("ctc_")}
    assert before.keys() == after.keys()
    for name, value in before.items():
        torch.testing.assert_close(after[name], value, rtol=0, atol=0, msg=name)


@pytest.mark.slow
def test_half_precision_comes_back_as_it_was_stored(build: Any) -> None:
    wanted, spec, architecture = build("model=tiny-rnnt")
    found = restore_from_bundle(bundled(wanted, spec, architecture, "fp16")).state_dict()
    for name, value in wanted.state_dict().items():
        torch.testing.assert_close(found[name], value, rtol=1e-3, atol=1e-6, msg=name)


@pytest.mark.slow
def test_weights_that_cannot_be_had_are_said_to_be(build: Any, tiny_bundle: Path) -> None:
    with pytest.raises(BundleError, match="does not say what the model was built as"):
        restore_from_bundle(read_bundle(tiny_bundle))
    model, spec, architecture = build("model=tiny-ctc")
    whole = bundled(model, spec, architecture)
    with pytest.raises(BundleError, match="8-bit"):
        restore_from_bundle(
            replace(whole, description=replace(whole.description, precision="int8"))
        )
    deeper = {**architecture, "encoder": {**architecture["encoder"], "layers": 3}}
    for other, said in ((deeper, "not the graph"), ({"heads": 3}, "expected an object")):
        facts = {"architecture": other}
        with pytest.raises(BundleError, match=said):
            restore_from_bundle(replace(whole, description=replace(whole.description, facts=facts)))


@pytest.mark.slow
def test_a_folded_batch_norm_is_named(build: Any) -> None:
    with pytest.raises(BundleError, match=r"no graph has the weights .*conv.* batch_norm"):
        restore_from_bundle(bundled(*build("model=tiny-ctc encoder.norm=batch_norm")))


def test_an_architecture_is_the_same_after_json(repository: Path) -> None:
    config = read_config(repository / "configs/optimised.yaml", ["model=small-ctc"], cuda=False)
    written = json.loads(json.dumps(architecture_to_json(config)))
    assert architecture_to_json(architecture_from_json(written)) == written
    assert "train" not in written
    with pytest.raises(ValueError, match="unknown field 'deep'"):
        architecture_from_json({"encoder": {"deep": 3}})


@pytest.mark.slow
@pytest.mark.parametrize("head", ["rnnt", "ctc"])
def test_adapting_learns_the_swipes_and_leaves_most_weights(build: Any, head: str) -> None:
    model, spec, _ = build(f"model=tiny-{head}")
    recipe = Recipe(steps=40, batch_size=8, synthetic=0.0, lr=1e-2)
    own = swipes(16)

    def run(recipe: Recipe) -> float:
        batches = endless_batches(own, [], BOARDS, spec, recipe)
        return adapt(model, batches, load_lexicon("en"), recipe, prior_weight=0.5)

    first = run(replace(recipe, steps=1, lr=0.0))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert run(recipe) < 0.8 * first
    moved = {n for n, value in model.state_dict().items() if not torch.equal(value, before[n])}
    assert "encoder.layers.0.norm_out.weight" in moved
    assert {name.split(".")[0] for name in moved} == {"encoder"}
    assert sum(before[name].numel() for name in moved) < 0.5 * sum(
        map(torch.numel, before.values())
    )
    with pytest.raises(ArithmeticError, match="at step"):
        run(replace(recipe, lr=1e30))


def test_batches_mix_own_and_synthetic_swipes_and_repeat_by_seed() -> None:
    spec = FeatureSpec(ENGLISH.letters, points=16)
    recipe = Recipe(batch_size=8, synthetic=0.25)
    own = [replace(gesture, word="zzz") for gesture in swipes(12)]
    made = synthetic_swipes(load_lexicon("en"), BOARDS["qwerty"], seed=1)
    assert len({gesture.word for gesture in made}) > 500
    first, again = (
        list(islice(endless_batches(own, made, BOARDS, spec, recipe), 2)) for _ in range(2)
    )
    for one, same in zip(first, again, strict=True):
        assert torch.equal(one.features, same.features)
        assert one.features.shape == (8, spec.width, 16)
        is_own = (one.labels[:, :3] == ENGLISH.encode("z")[0]).all(dim=1) & (one.label_lengths == 3)
        assert is_own.sum() == 6
    assert not torch.equal(first[0].features, first[1].features)


def test_the_last_swipes_are_held_back() -> None:
    gestures = [replace(gesture, sentence=str(at)) for at, gesture in enumerate(swipes(41))]
    gestures[3] = replace(gestures[3], word="√2")  # no letters for it
    own, held = split(gestures, 0.25)
    assert (len(own), len(held)) == (30, 10)
    assert [gesture.sentence for gesture in held] == [str(at) for at in range(31, 41)]
    with pytest.raises(DataError, match="19 swipes to learn from"):
        split(gestures[:20], 0.25)


def command(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["finetune", *map(str, arguments)])


@pytest.mark.slow
def test_a_model_that_forgets_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = as_manifest(tmp_path / "mine.jsonl", swipes(24))
    others = as_manifest(tmp_path / "others.jsonl", swipes(40, seed=8))
    # One step forgets nothing, so the bound moves instead.
    monkeypatch.setattr(finetuning, "MOST_FORGOTTEN", -5.0)
    done = command("default", mine, "--validation", others, "--steps", 1)
    assert done.exit_code == FORGOT, done.output
    assert "nothing was written" in done.output
    assert not (tmp_path / "mine-bundle").exists()


@pytest.mark.slow
def test_the_command_writes_a_bundle_that_says_where_it_comes_from(tmp_path: Path) -> None:
    mine = as_manifest(tmp_path / "mine.jsonl", swipes(24))
    done = command("default", mine, "--steps", 2)
    assert done.exit_code == 0, done.output
    assert "not checked: name other people's swipes with --validation" in done.output
    old, new = read_bundle(DEFAULT_BUNDLE), read_bundle(tmp_path / "mine-bundle")
    facts = new.description.facts["finetuned"]
    assert facts["from"] == old.description.name
    assert (facts["trained_on"], facts["held_back"]["n"], facts["general"]) == (18, 6, None)
    assert new.description.precision == old.description.precision
    assert new.description.decoding == old.description.decoding
    assert new.files["encoder.onnx"] != old.files["encoder.onnx"]
    again = command("default", mine, "--steps", 2)
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_what_cannot_be_adapted_is_a_clear_error(tmp_path: Path, tiny_bundle: Path) -> None:
    few = as_manifest(tmp_path / "few.jsonl", swipes(5))
    cases = [
        (("default", few), "at least 20"),
        (("default", tmp_path / "none.jsonl"), "none.jsonl"),
        ((tmp_path / "nothing", as_manifest(tmp_path / "m.jsonl", swipes(20))), "no bundle here"),
        ((tiny_bundle, tmp_path / "m.jsonl"), "does not say what the model was built as"),
    ]
    for arguments, said in cases:
        done = command(*arguments)
        assert done.exit_code == 2, done.output
        assert said in done.output
        assert "Traceback" not in done.output


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    mine = as_manifest(tmp_path / "mine.jsonl", swipes(24))
    there = tmp_path / "there"
    whole = read_bundle(DEFAULT_BUNDLE)
    write_bundle(there, whole.description, whole.files)
    done = command("default", mine, "--out", there)
    assert done.exit_code == 2
    assert "is there already" in done.output
    assert read_bundle(there).description == whole.description
