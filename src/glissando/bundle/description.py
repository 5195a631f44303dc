"""`bundle.json`: what a bundle holds, in words that Python, a browser and a person can read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from glissando.alphabet import Alphabet
from glissando.decoding.settings import BeamSettings
from glissando.features import FeatureSpec
from glissando.fields import from_json
from glissando.keyboard import Keyboard, keyboard_from_json

SCHEMA = 1
GRAPHS = {
    "rnnt": ("features.onnx", "encoder.onnx", "decoder.onnx", "joiner.onnx"),
    "ctc": ("features.onnx", "encoder.onnx"),
}
LEXICON, LEXICON_LICENCE = "lexicon.txt.gz", "lexicon.LICENSE"


class BundleError(ValueError):
    """A bundle that cannot be used; the message names the file and what was expected."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Description:
    """Everything about a bundle but the contents of its files.

    Attributes:
        name: What reports call the model.
        head: `rnnt` or `ctc`; decides which graphs there are.
        precision: How the weights are stored: fp32, fp16 or int8.
        features: The feature vector that the network was trained on.
        alphabet: The letters that it writes.
        keyboards: Layouts that it may be told to decode for; the first is the default.
        decoding: Search settings tuned on validation.
        facts: Where the weights come from, and how good they are; for people.
        files: Size and hash of every other file in the folder.
    """

    name: str
    head: str
    precision: str
    features: FeatureSpec
    alphabet: Alphabet
    keyboards: tuple[Keyboard, ...]
    decoding: BeamSettings
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, FileFacts] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Bytes of all files that are listed."""
        return sum(facts.size for facts in self.files.values())

    def to_json(self) -> dict[str, Any]:
        """As `bundle.json` holds it."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "head": self.head,
            "precision": self.precision,
            "features": self.features.to_json(),
            "alphabet": self.alphabet.letters,
            "labels": [*self.alphabet.labels, "<blank>"],
            "keyboards": [keyboard.to_json() for keyboard in self.keyboards],
            "decoding": asdict(self.decoding),
            "facts": self.facts,
            "files": {name: asdict(facts) for name, facts in sorted(self.files.items())},
        }


def description_from_json(data: Any, where: str) -> Description:
    """Read and check a description.

    Args:
        data: What `json.loads` made of the file.
        where: Name of the file, for errors.

    Raises:
        BundleError: another schema, or a field that is missing or wrong.
    """
    if not isinstance(data, dict):
        raise BundleError(f"{where}: expected a JSON object, found {type(data).__name__}")
    schema = data.get("schema")
    if type(schema) is not int or schema != SCHEMA:  # True == 1
        newer = isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA
        advice = "; a newer glissando wrote it: upgrade this one" if newer else ""
        raise BundleError(f"{where}: schema: expected {SCHEMA}, found {schema!r}{advice}")
    reader = _Reader(data, where)
    description = Description(
        name=reader.text("name"),
        head=reader.text("head"),
        precision=reader.text("precision"),
        features=reader.part("features", FeatureSpec.from_json),
        alphabet=reader.part("alphabet", lambda part: Alphabet(_text(part))),
        keyboards=reader.part("keyboards", _keyboards),
        decoding=reader.part("decoding", lambda part: from_json(BeamSettings, part)),
        facts=reader.part("facts", _mapping),
        files=reader.part("files", _files),
    )
    _check(description, reader, where)
    return description


class _Reader:
    """Fields of one JSON object, with errors that name them."""

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self._data, self._where = data, where

    def part(self, name: str, read: Any) -> Any:
        if name not in self._data:
            raise BundleError(f"{self._where}: {name} is missing")
        try:
            return read(self._data[name])
        except (ValueError, TypeError) as error:
            raise BundleError(f"{self._where}: {name}: {error}") from error

    def text(self, name: str) -> str:
        return str(self.part(name, _text))


def _check(description: Description, reader: _Reader, where: str) -> None:
    if description.head not in GRAPHS:
        known = ", ".join(GRAPHS)
        raise BundleError(f"{where}: head: expected one of {known}, found {description.head!r}")
    labels = [*description.alphabet.labels, "<blank>"]
    if reader.part("labels", list) != labels:
        raise BundleError(f"{where}: labels: another order than this version's alphabet gives")
    if description.features.letters != description.alphabet.letters:
        raise BundleError(f"{where}: features.letters and alphabet differ")
    wanted = {*GRAPHS[description.head], LEXICON, LEXICON_LICENCE}
    if description.files.keys() != wanted:
        difference = ", ".join(map(repr, sorted(description.files.keys() ^ wanted)))
        raise BundleError(f"{where}: files: missing or not expected: {difference}")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError(f"expected a printable text, found {value!r}")
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, found {type(value).__name__}")
    return value


def _keyboards(value: Any) -> tuple[Keyboard, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list with at least one keyboard")
    return tuple(keyboard_from_json(entry, f"[{at}]") for at, entry in enumerate(value))


def _files(value: Any) -> dict[str, FileFacts]:
    return {name: from_json(FileFacts, facts) for name, facts in _mapping(value).items()}
