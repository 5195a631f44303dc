"""A word list with priors: what it holds, and how a file of it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glissando.alphabet import Alphabet
from glissando.lexicon.reading import LexiconError, Rows, decompressed, read_rows
from glissando.lexicon.spelling import spellings

FLOOR = 50
"""Weight of a word that has none: 0.5 on the zipf scale, rarer than what any corpus counts well."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """W words and how likely each is before any swipe is seen.

    Attributes:
        name: Short name, for reports.
        language: BCP 47 language of the words; "und" where the file does not say.
        licence: What the file says of its licence; may be empty.
        words: As shown and typed, with capitals, accents and apostrophes; none twice.
        log_priors: Float32 `(W,)`, natural logarithms of probabilities that add up to 1.
    """

    name: str
    language: str
    licence: str
    words: Sequence[str]
    log_priors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.words)

    def spellings(self, alphabet: Alphabet) -> tuple[list[str], NDArray[np.int32]]:
        """How a finger may spell the words: see `spelling.spellings`.

        Raises:
            LexiconError: a word that the alphabet cannot spell.
        """
        return spellings(self.words, alphabet)

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Lexicon:
        """Read the content of a word list, plain or gzip-compressed.

        UTF-8 text with one word a line, and behind a tab, if known, its weight: 100 times its
        frequency on the zipf scale, log10 of occurrences in a billion words. Lines that begin with
        # are comments; above the first word they may say `# name: …`, `# language: …` and
        `# licence: …`. Words without a weight get `FLOOR`; of a word that comes again, the
        first stays.

        Args:
            data: What the file holds.
            where: What messages call it; also the name of a list that does not say its own.

        Raises:
            LexiconError: not such a file; the message names `where` and the line.
        """
        rows = read_rows(decompressed(data, where), where)
        if not rows.words:
            raise LexiconError(f"{where}: has no words, expected one a line")
        return cls(
            name=rows.header.get("name") or _stem(where),
            language=rows.header.get("language") or "und",
            licence=rows.header.get("licence", ""),
            words=rows.words,
            log_priors=_log_priors(rows),
        )


def _log_priors(rows: Rows) -> NDArray[np.float32]:
    weights = np.where(np.isnan(rows.weights), FLOOR, rows.weights)
    nats: NDArray[np.float64] = (weights - weights.max()) * (math.log(10) / 100)
    total = float(np.exp(nats).sum())
    return (nats - math.log(total)).astype(np.float32)


def _stem(where: str) -> str:
    name = where.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".gz").removesuffix(".txt") or where
