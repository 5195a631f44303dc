"""Makes the English word list that ships with the package out of SCOWL's lists.

    apt-get install wamerican
    python tools/make_word_list.py /usr/share/dict/american-english

Possessives ("dog's") are left out: a finger draws them exactly as the plural ("dogs"), so they
only make words compete; contractions ("it's", "don't") stay.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from glissando.alphabet import ENGLISH, WordError

OUT = Path(__file__).resolve().parent.parent / "src/glissando/lexicon/words-en.txt.gz"
CONTRACTED_WITH_S = {"he", "she", "it", "that", "what", "there", "here", "where", "who", "how"}
CONTRACTED_WITH_S |= {"let", "when", "why"}
CONTRACTED_WITH_S |= {f"{some}{one}" for some in ("every", "no", "some") for one in ("body", "one")}


def is_possessive(word: str) -> bool:
    """Whether `word` is a noun with 's, not a contraction such as "it's"."""
    stem, mark, _ = word.rpartition("'s")
    return bool(mark) and word.endswith("'s") and stem not in CONTRACTED_WITH_S


def word_list(files: list[Path]) -> list[str]:
    """The words of all files in the alphabet's spelling, sorted, each once."""
    words = set()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                words.add(ENGLISH.normalise(line))
            except WordError as error:
                print(f"{file}: left out: {error}")
    return sorted(word for word in words if not is_possessive(word))


def main() -> None:
    """Write the list; equal inputs give equal text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, help="lists of one word a line")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    words = word_list(arguments.files)
    text = "".join(f"{word}\n" for word in words).encode()
    # no time stamp inside, so that making it again is no change
    arguments.out.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    print(f"{len(words)} words to {arguments.out}")


if __name__ == "__main__":
    main()
