"""The configuration: layers, model names, overrides, refusals and help."""

from __future__ import annotations

from pathlib import Path

import pytest

from glissando.training.config import Config
from glissando.training.main import help_text
from glissando.training.options import (
    ConfigError,
    describe,
    known_keys,
    read_config,
    read_written_config,
    split_model,
    write_config,
)


@pytest.fixture()
def configs(repository: Path) -> Path:
    return repository / "configs"


def test_the_mission_is_the_default_where_there_is_cuda(configs: Path) -> None:
    config = read_config(configs / "optimised.yaml", [], cuda=True)
    assert config.model == "full-rnnt"
    assert (config.encoder.layers, config.encoder.d_model) == (8, 256)
    assert (config.prediction.layers, config.prediction.hidden) == (2, 320)
    assert config.joint.hidden == 512
    assert (config.train.batch_size, config.data.workers) == (256, 12)
    assert config.train.accumulate > 1
    standard = read_config(configs / "nemo_standard.yaml", [], cuda=True)
    assert standard.train.batch_size == 128
    assert (standard.encoder.layers, standard.encoder.d_model) == (8, 256)


def test_without_cuda_the_small_preset_stands_over_the_recipe(configs: Path) -> None:
    config = read_config(configs / "optimised.yaml", [], cuda=False)
    assert config.model == "small-rnnt"
    assert config.encoder.d_model == 96
    assert config.run.recipe == "optimised"


def test_the_command_line_stands_over_everything(configs: Path) -> None:
    words = ["model=small-ctc", "encoder.d_model=64", "train.max_minutes=1.5"]
    config = read_config(configs / "optimised.yaml", words, cuda=True)
    assert (config.head, config.encoder.d_model, config.train.max_minutes) == ("ctc", 64, 1.5)


def test_a_file_of_keys_stands_over_the_recipe_and_under_the_command_line(
    configs: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("model: tiny-ctc\ntrain:\n  max_steps: 7\n  batch_size: 8\n", encoding="utf-8")
    words = [f"config={own}", "train.max_steps=9"]
    config = read_config(configs / "optimised.yaml", words, cuda=True)
    assert (config.model, config.encoder.d_model, config.encoder.kernel) == ("tiny-ctc", 48, 5)
    assert (config.train.max_steps, config.train.batch_size) == (9, 8)
    own.write_text("train:\n  max_step: 7\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"own.yaml: no field.*train.max_step'.*train.max_steps"):
        read_config(configs / "optimised.yaml", words, cuda=True)
    with pytest.raises(ConfigError, match=r"absent.yaml: cannot read"):
        read_config(configs / "optimised.yaml", ["config=absent.yaml"], cuda=True)


def test_the_configurations_of_the_shipped_weights_are_valid_and_a_chain(configs: Path) -> None:
    files = sorted((configs / "en-qwerty").glob("*.yaml"))
    assert len(files) > 1
    before = ""
    for file in files:
        config = read_config(configs / "optimised.yaml", [f"config={file}"], cuda=True)
        assert config.model == "medium-rnnt"
        assert config.init == before
        before = config.run.dir
        assert before == f"runs/{file.stem[2:]}"


@pytest.mark.parametrize(
    ("name", "cuda", "expected"),
    [
        ("auto", True, ("full", "rnnt")),
        ("auto", False, ("small", "rnnt")),
        ("ctc", False, ("small", "ctc")),
        ("ctc", True, ("full", "ctc")),
        ("full", False, ("full", "rnnt")),
        ("tiny-ctc", True, ("tiny", "ctc")),
    ],
)
def test_model_names(configs: Path, name: str, cuda: bool, expected: tuple[str, str]) -> None:
    assert split_model(name, configs, cuda=cuda) == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train.max_step=5"], r"no field is called 'train.max_step'.*'train.max_steps'"),
        (["lr=1"], r"no field is called 'lr'.*'optim.lr'"),
        (["model=smal"], r"'smal' is unknown.*'small'"),
        (["model=optimised"], r"'optimised' is unknown"),
        (["head=ctc"], r"no field is called 'head'"),
        (["train=3"], r"no field is called 'train'"),
        (["train.max_steps=many"], r"'many'"),
        (["just words"], r"expected key=value"),
    ],
)
def test_mistakes_are_refused_with_the_nearest_key(
    configs: Path, words: list[str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config(configs / "optimised.yaml", words, cuda=False)


def test_a_recipe_with_a_misspelt_key_is_refused_by_name(tmp_path: Path) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text("optim:\n  learning_rate: 1\n")
    with pytest.raises(ConfigError, match=r"mine.yaml.*optim.learning_rate"):
        read_config(recipe, [], cuda=True)
    with pytest.raises(ConfigError, match=r"absent.yaml: cannot read"):
        read_config(tmp_path / "absent.yaml", [], cuda=True)


def test_a_written_configuration_reads_back_the_same(configs: Path, tmp_path: Path) -> None:
    config = read_config(
        configs / "nemo_standard.yaml", ["train.seed=7", "data.filters.max_points=99"], cuda=True
    )
    write_config(config, tmp_path / "config.yaml")
    assert read_written_config(tmp_path / "config.yaml") == config
    (tmp_path / "other.yaml").write_text("data:\n  trian: x\n")
    with pytest.raises(ConfigError, match=r"other.yaml: .*trian"):
        read_written_config(tmp_path / "other.yaml")


def test_help_lists_every_key_with_default_and_meaning(configs: Path) -> None:
    text = help_text("train_transducer.py", configs / "optimised.yaml")
    for key, default, meaning in describe(Config()):
        if key in known_keys():
            assert key in text and repr(default) in text and meaning in text
    assert len(known_keys()) > 50
