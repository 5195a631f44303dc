"""Each recipe's resolved NeMo configuration, against golden files.

After a change that is meant: `python tests/test_nemo_settings.py` writes them anew; read the diff.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from glissando.alphabet import ENGLISH
from glissando.training.nemo_settings import feature_spec, nemo_settings
from glissando.training.options import read_config

HERE = Path(__file__).resolve().parent
CASES = [
    (recipe, model)
    for recipe in ("optimised", "nemo_standard")
    for model in ("full", "full-ctc", "small", "medium")
]


def _resolved(recipe: str, model: str) -> str:
    config = read_config(HERE.parent / "configs" / f"{recipe}.yaml", [f"model={model}"], cuda=True)
    return OmegaConf.to_yaml(nemo_settings(config, workers=12, max_steps=1000, fused=True))


def _golden(recipe: str, model: str) -> Path:
    return HERE / "golden" / f"{recipe}.{model}.yaml"


@pytest.mark.parametrize(("recipe", "model"), CASES)
def test_the_resolved_configuration_is_the_golden_one(recipe: str, model: str) -> None:
    assert _resolved(recipe, model) == _golden(recipe, model).read_text(encoding="utf-8")


@pytest.mark.parametrize("recipe", ["optimised", "nemo_standard"])
def test_the_full_configuration_is_what_the_mission_states(recipe: str) -> None:
    config = OmegaConf.create(_resolved(recipe, "full"))
    assert config.target.endswith("EncDecRNNTModel")
    assert config.preprocessor["_target_"]
    encoder = config.encoder
    assert encoder["_target_"].endswith("ConformerEncoder")
    assert (encoder.feat_in, encoder.n_layers, encoder.d_model) == (37, 8, 256)
    prediction = config.decoder.prednet
    assert (prediction.pred_rnn_layers, prediction.pred_hidden) == (2, 320)
    assert config.joint.jointnet.joint_hidden == 512
    for name in ("train_ds", "validation_ds"):
        assert list(config[name].labels) == list(ENGLISH.labels) == list(config.labels)
        assert config[name].sample_rate == config.sample_rate


@pytest.mark.parametrize(("recipe", "model"), CASES)
def test_blank_is_derived_and_never_named(recipe: str, model: str) -> None:
    text = _resolved(recipe, model)
    assert "blank_idx" not in text and "blank_id" not in text
    config = OmegaConf.create(text)
    classes = config.decoder.num_classes if "ctc" in model else config.joint.num_classes
    assert classes == ENGLISH.blank == ENGLISH.classes - 1


def test_the_warm_up_is_always_shorter_than_the_run() -> None:
    words = ["optim.warmup=0.99", "model=tiny"]
    config = read_config(HERE.parent / "configs" / "optimised.yaml", words, cuda=False)
    for steps in (2, 3, 50):
        schedule = nemo_settings(config, 0, steps, True)["optim"]["sched"]
        assert schedule["warmup_steps"] < schedule["max_steps"] == steps


def test_the_features_are_37_wide() -> None:
    config = read_config(HERE.parent / "configs" / "optimised.yaml", [], cuda=True)
    assert feature_spec(config).width == 37


if __name__ == "__main__":
    for recipe, model in CASES:
        _golden(recipe, model).write_text(_resolved(recipe, model), encoding="utf-8")
    sys.exit(0)
