"""Reads a configuration: schema, model's preset, recipe, `config=` file and `key=value`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from glissando.training.config import Config

HEADS = ("rnnt", "ctc")
SCHEMA_SIZE = "full"


class ConfigError(ValueError):
    """A key or value that the schema does not know; the message names it and the nearest."""


def read_config(recipe: Path, overrides: Sequence[str], *, cuda: bool) -> Config:
    """Resolve a run's configuration; later sources win.

    Args:
        recipe: YAML of the recipe; presets of models lie beside it.
        overrides: `key=value` strings of the command line; `config=FILE` names a YAML file of
            keys that stand below the others.
        cuda: Whether a GPU is there: decides what `model=auto` means.

    Raises:
        ConfigError: a key that no field has, or a value of the wrong type.
    """
    command_line = _overrides(overrides)
    own = _recipe(Path(command_line["config"])) if "config" in command_line else DictConfig({})
    layers = [_recipe(recipe), own, command_line]
    # The model's preset stands below the recipe's other words and the command line.
    name = next((layer["model"] for layer in reversed(layers) if "model" in layer), Config.model)
    size, head = split_model(str(name), recipe.parent, cuda=cuda)
    preset = DictConfig({}) if size == SCHEMA_SIZE else _recipe(recipe.parent / f"{size}.yaml")
    resolved = {"model": f"{size}-{head}", "head": head}
    try:
        return _typed(layers[0], preset, *layers[1:], resolved)
    except OmegaConfBaseException as error:
        raise ConfigError(str(error).splitlines()[0]) from error


def split_model(name: str, presets: Path, *, cuda: bool) -> tuple[str, str]:
    """Size and head that a model name such as `small-ctc`, `ctc` or `auto` means.

    Raises:
        ConfigError: a part of the name is neither a preset nor a head.
    """
    sizes = {path.stem for path in presets.glob("*.yaml") if not _is_recipe(path)} | {SCHEMA_SIZE}
    size = SCHEMA_SIZE if cuda else "small"
    head = HEADS[0]
    for part in name.split("-"):
        if part in sizes:
            size = part
        elif part in HEADS:
            head = part
        elif part != "auto":
            known = [*sorted(sizes), *HEADS, "auto"]
            raise ConfigError(f"model={name}: {part!r} is unknown; {_nearest(part, known)}")
    return size, head


def write_config(config: Config, path: Path) -> None:
    """Write the resolved configuration as YAML."""
    OmegaConf.save(OmegaConf.structured(config), path)


def read_written_config(path: Path) -> Config:
    """What `write_config` wrote, as a run's folder has it.

    Raises:
        ConfigError: no such file, or one that this version's schema does not fit.
    """
    try:
        return _typed(_yaml(path))
    except OmegaConfBaseException as error:
        raise ConfigError(f"{path}: {str(error).splitlines()[0]}") from error


def describe(config: object, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    """Key, default and meaning of every field, in the schema's order."""
    for entry in fields(cast(Any, config)):
        value = getattr(config, entry.name)
        if is_dataclass(value):
            yield from describe(value, f"{prefix}{entry.name}.")
        else:
            yield f"{prefix}{entry.name}", value, entry.metadata["meaning"]


def known_keys() -> list[str]:
    """Every key that may be set; `head` is not among them because `model` decides it."""
    return [key for key, _, _ in describe(Config()) if key != "head"]


def _typed(*layers: Any) -> Config:
    """The schema's defaults under these layers, each winning over those before it."""
    schema = OmegaConf.structured(Config)
    OmegaConf.set_readonly(schema.data.filters, False)  # a frozen dataclass locks its node
    return cast(Config, OmegaConf.to_object(OmegaConf.merge(schema, *layers)))


def _is_recipe(path: Path) -> bool:
    return "recipe" in _yaml(path).get("run", {})


def _overrides(words: Sequence[str]) -> DictConfig:
    for word in words:
        if "=" not in word:
            raise ConfigError(f"{word!r}: expected key=value; --help lists the keys")
        _check_key(word.split("=", 1)[0], "command line")
    return OmegaConf.from_dotlist(list(words))


def _yaml(path: Path) -> DictConfig:
    try:
        loaded = OmegaConf.load(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot read: {error.strerror}") from error
    except Exception as error:  # whatever the YAML parser raises, it is the file's fault
        raise ConfigError(f"{path}: not YAML: {error}") from error
    if isinstance(loaded, ListConfig):
        raise ConfigError(f"{path}: expected keys and values, found a list")
    return loaded


def _recipe(path: Path) -> DictConfig:
    loaded = _yaml(path)
    for key in _leaves(loaded):
        _check_key(key, str(path))
    return loaded


def _leaves(node: Any, prefix: str = "") -> Iterator[str]:
    for key in node:
        if isinstance(node[key], DictConfig):
            yield from _leaves(node[key], f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def _check_key(key: str, where: str) -> None:
    known = known_keys()
    if key not in known:
        raise ConfigError(f"{where}: no field is called {key!r}; {_nearest(key, known)}")


def _nearest(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    # `train.max_step` should find `train.max_steps`, `lr` should find `optim.lr`.
    ending = [name for name in known if name.rsplit(".", 1)[-1] == word.rsplit(".", 1)[-1]]
    return f"did you mean {(ending or close)[0]!r}?"
