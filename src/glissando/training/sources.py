"""Finds a run's swipes: prepares manifests once, or makes the embedded synthetic set."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from glissando.alphabet import Alphabet
from glissando.datasets import GestureStore, prepared
from glissando.keyboard import Keyboard, load_keyboard
from glissando.synthesis.dataset import default_dataset
from glissando.training.config import Config, DataConfig

log = logging.getLogger("glissando")


@dataclass(frozen=True)
class Sources:
    """The two stores of a run and what they need.

    Attributes:
        train: Swipes to train on.
        validation: Swipes to validate on.
        keyboards: Layout name → keyboard, for every layout in the stores.
        synthetic: The swipes are made up; nothing measured on them says anything of real ones.
    """

    train: GestureStore
    validation: GestureStore
    keyboards: dict[str, Keyboard]
    synthetic: bool


def open_sources(config: Config, alphabet: Alphabet) -> Sources:
    """Open what `data.train` and `data.validation` name, or the embedded default.

    The default serves only where neither of the schema's own paths exists: a path that someone
    typed must exist.

    Raises:
        FileNotFoundError: a path that was asked for is not there.
    """
    data = config.data
    given = [Path(data.train), Path(data.validation)]
    untouched = (data.train, data.validation) == (DataConfig.train, DataConfig.validation)
    synthetic = untouched and not any(path.exists() for path in given)
    if synthetic:
        train, validation = _make_synthetic(data)
    else:
        for key, path in zip(("data.train", "data.validation"), given, strict=True):
            if not path.exists():
                raise FileNotFoundError(f"{key}={path}: no such file or folder")
        keyboards = [load_keyboard(path) for path in data.keyboards]
        train, validation = (_prepare(path, data, alphabet, keyboards) for path in given)
    stores = GestureStore(train), GestureStore(validation)
    _warn_of_shared_users(*stores)
    layouts = stores[0].layouts() | stores[1].layouts()
    return Sources(*stores, _keyboards(layouts, data), synthetic)


def _prepare(
    source: Path,
    data: DataConfig,
    alphabet: Alphabet,
    keyboards: list[Keyboard],
) -> Path:
    """The prepared folder of a source, made once; shows progress where a person watches."""
    with tqdm(desc=f"preparing {source.name}", unit="B", unit_scale=True, disable=None) as bar:
        return prepared(
            source, Path(data.cache), data.filters, alphabet, keyboards, advance=bar.update
        )


def _make_synthetic(data: DataConfig) -> tuple[Path, Path]:
    log.warning("=" * 88)
    log.warning("NO DATA at %s: training on SYNTHETIC swipes, made here once.", data.train)
    log.warning("Its numbers show that training works; they say nothing of real fingers.")
    log.warning("=" * 88)
    with tqdm(desc="making swipes", unit=" swipes", disable=None) as bar:
        return default_dataset(Path(data.cache), advance=bar.update)


def _warn_of_shared_users(train: GestureStore, validation: GestureStore) -> None:
    shared = (train.users() & validation.users()) - {""}
    if shared:
        log.warning(
            "%d of the %d validation users are also in train: validation will look better than "
            "new users would find it; `glissando prepare --split` splits by user",
            len(shared),
            len(validation.users()),
        )


def _keyboards(layouts: set[str], data: DataConfig) -> dict[str, Keyboard]:
    custom: dict[str, Any] = {}
    for path in data.keyboards:
        board = load_keyboard(path)
        custom[board.name] = board
    return {name: custom.get(name) or load_keyboard(name) for name in layouts}
