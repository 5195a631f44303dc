r"""Draws what a transducer's prediction network has learnt of English: P(next letter | prefix).

    python tools/draw_letter_dependencies.py --out docs/pictures/letter-dependencies.png

The network's internal language model is read off by asking the joint network with an encoder frame
of zeros and leaving blank out, as Meng et al. do ("Internal language model estimation for
domain-adaptive end-to-end speech recognition", SLT 2021).
"""

from __future__ import annotations

import argparse
import string
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from glissando import GestureDecoder
from glissando.alphabet import Alphabet
from glissando.decoding.scorer import TransducerScorer, is_transducer

OUT = Path(__file__).resolve().parent.parent / "docs/pictures/letter-dependencies.png"
LETTERS = string.ascii_lowercase
PREFIXES = ("", "q", "th", "wh", "ing", "tio", "str", "que", "beca", "compan", "inform", "secu")
SHOWN = 5


def log_next_labels(
    scorer: TransducerScorer, alphabet: Alphabet, prefix: str
) -> NDArray[np.float64]:
    """Log probabilities `(V - 1,)` of every label but blank after a prefix."""
    output, state = scorer.initial_state()
    for label in alphabet.encode(prefix) if prefix else ():
        output, state = scorer.step(np.array([label], np.int32), state)
    frame = np.zeros((1, output.shape[1]), np.float32)
    log_probs = scorer.joint(frame, output).reshape(-1).astype(np.float64)
    labels = np.delete(log_probs, alphabet.blank)  # blank is last, so that ids stay
    return np.asarray(labels - np.logaddexp.reduce(labels))


def next_letters(scorer: TransducerScorer, alphabet: Alphabet, prefix: str) -> NDArray[np.float64]:
    """Probabilities `(26,)` of a to z after a prefix, blank and all else left out."""
    letters = np.exp(log_next_labels(scorer, alphabet, prefix)[alphabet.encode(LETTERS)])
    return np.asarray(letters / letters.sum())


def draw(table: NDArray[np.float64], examples: Sequence[tuple[str, NDArray[np.float64]]]) -> None:
    """Pairs of letters on the left, longer prefixes with their likeliest letters on the right."""
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 5.6), width_ratios=(1.5, 1), layout="constrained"
    )
    image = left.imshow(table, cmap="magma_r", vmin=0, vmax=1)
    left.set_xticks(range(26), LETTERS)
    left.set_yticks(range(26), LETTERS)
    left.set_xlabel("next letter")
    left.set_ylabel("first letter of the word")
    left.set_title("P(second letter | first letter)")
    figure.colorbar(image, ax=left, shrink=0.8)
    for row, (_, probabilities) in enumerate(examples):
        start = 0.0
        for at in np.argsort(-probabilities)[:SHOWN]:
            share = float(probabilities[at])
            right.barh(row, share, left=start, color=plt.cm.magma_r(share), edgecolor="white")
            if share > 0.06:
                dark = share > 0.5
                right.text(
                    start + share / 2,
                    row,
                    LETTERS[at],
                    ha="center",
                    va="center",
                    color="white" if dark else "black",
                )
            start += share
    right.set_yticks(range(len(examples)), [f"{prefix}…" for prefix, _ in examples])
    right.invert_yaxis()
    right.set_xlim(0, 1)
    right.set_title(f"P(next letter | prefix), the {SHOWN} likeliest")


def main() -> None:
    """Ask the network and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, help="the shipped one if not given")
    parser.add_argument("--out", type=Path, default=OUT)
    a = parser.parse_args()
    decoder = GestureDecoder.load(a.bundle)
    if not is_transducer(decoder.scorer):
        raise SystemExit(f"{decoder.name}: a CTC model has no prediction network")
    scorer, alphabet = decoder.scorer, decoder.description.alphabet
    table = np.stack([next_letters(scorer, alphabet, letter) for letter in LETTERS])
    examples = [(prefix, next_letters(scorer, alphabet, prefix)) for prefix in PREFIXES]
    draw(table, examples)
    plt.savefig(a.out, dpi=110)
    for prefix, probabilities in examples:
        best = np.argsort(-probabilities)[:3]
        print(f"{prefix}…".ljust(10), *(f"{LETTERS[i]} {probabilities[i]:.2f}" for i in best))
    print(f"written    {a.out}")


if __name__ == "__main__":
    main()
