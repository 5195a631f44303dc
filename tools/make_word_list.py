"""Makes the English word list that ships with the package out of SCOWL and wordfreq.

    apt-get download scowl && dpkg -x scowl_*.deb scowl
    pip install wordfreq==3.1.1
    python tools/make_word_list.py scowl/usr/share/dict/scowl

SCOWL says which words there are and how they are written, wordfreq how often they are used. In go
every SCOWL word up to size 60, and every other token that is used at least `USED` often and does
not look like a slip, a foreign word or noise. Possessives ("dog's") are left out: a finger draws
them exactly as the plural ("dogs"), so they only make words compete; contractions stay.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glissando.alphabet import ENGLISH, WordError

OUT = Path(__file__).resolve().parent.parent / "src/glissando/lexicon/words-en.txt.gz"

# All frequencies are hundredths of zipf: 100 * log10(occurrences in a billion words).
USED = 125
USED_IF_SHORT = 250  # with three letters nearly every combination is somebody's abbreviation
USED_IF_APOSTROPHE = 250  # below it are misplaced apostrophes: "did'nt", "your'e"
FLOOR = 50  # of SCOWL's words that wordfreq does not list: its list ends at 100
SLIP = 150  # a slip is this much rarer than the word it was meant to be
MEANT = 250  # and that word is at least as common as this
FOREIGN = 200  # a foreign word is this much more frequent in its own language
ORDINARY, COMMON = 60, 35  # SCOWL sizes: all words up to here; surely known to every reader

NAME_KINDS = ("upper", "proper-names")
OTHER_LANGUAGES = ("de", "es", "fi", "fr", "it", "nl", "pl", "pt", "sv")
VARIANT = re.compile(r"variant")  # spellings that few use go in only if they are used
S_CONTRACTIONS = {"he", "she", "it", "that", "what", "there", "here", "where", "who", "how"}
S_CONTRACTIONS |= {"let", "when", "why"}
S_CONTRACTIONS |= {
    f"{some}{one}" for some in ("any", "every", "no", "some") for one in ("body", "one")
}
# SCOWL has these as common words too, but they are names far more often.
NAMES = """August Bible Bob Catholic Chile China Congress Democrat Democrats Ford Frank Harry Jack
Jersey Lee Martin Mike Miller Nick Pacific Peter Protestant Republican Republicans Roman Senate
Smith Twitter"""
# Of these it has only states and chemical elements, or holds those to be commoner.
SHORT_FORMS = "AC al CA CD co da de des di du et EU la Le na rep Sam se th"
SHOWN = {text.lower(): text for text in f"a I {NAMES} {SHORT_FORMS}".split()}


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """A way to write a word: the smaller SCOWL's size, the better known."""

    size: int
    kind: str  # SCOWL's category: words, upper, proper-names, contractions or abbreviations
    text: str


def spelt(text: str) -> str | None:
    """`text` in the alphabet's letters; None if it has others or is a possessive."""
    try:
        spelling = ENGLISH.normalise(text)
    except WordError:
        return None
    stem, mark, rest = spelling.partition("'s")
    if mark and not rest and stem not in S_CONTRACTIONS:
        return None
    return spelling if "''" not in spelling else None


def read_scowl(folder: Path) -> dict[str, list[Form]]:
    """Spelling → its forms, best known first; variants count as SCOWL's largest size."""
    forms: dict[str, dict[str, Form]] = {}
    for file in sorted(folder.iterdir()):
        name, _, size = file.name.rpartition(".")
        category, _, kind = name.partition("-")
        if category == "special":  # roman numerals and hackers' slang
            continue
        known = 95 if VARIANT.search(category) else int(size)
        for text in file.read_text(encoding="utf-8").split():
            spelling = spelt(text)
            if spelling is not None:
                form = Form(known, kind, text)
                seen = forms.setdefault(spelling, {})
                seen[text] = min(form, seen.get(text, form))
    if not forms:
        raise SystemExit(f"{folder}: no SCOWL lists such as english-words.35")
    return {spelling: sorted(seen.values()) for spelling, seen in forms.items()}


def read_frequencies(language: str) -> dict[str, int]:
    """Spelling → frequency, over all ways to write it."""
    from wordfreq import get_frequency_dict

    total: Counter[str] = Counter()
    for text, probability in get_frequency_dict(language, "best").items():
        spelling = spelt(text)
        if spelling is not None:
            total[spelling] += probability
    return {spelling: round(100 * math.log10(p * 1e9)) for spelling, p in total.items()}


def as_shown(spelling: str, forms: list[Form]) -> str:
    """How the word is written: a name by its capital, but lower case if it is a word as well."""
    if spelling in SHOWN:
        return SHOWN[spelling]
    if not forms:
        return re.sub(r"^i'", "I'", spelling)
    lower = [form for form in forms if form.text.islower()]
    names = [form for form in forms if form.kind in NAME_KINDS and form.size <= ORDINARY]
    if lower and lower[0].size <= COMMON:
        return lower[0].text
    if names and (not lower or names[0].size <= lower[0].size):
        return names[0].text
    return forms[0].text


def one_slip_away(word: str) -> Iterator[str]:
    """Words that `word` may have been meant to be: two letters swapped or one doubled, undoubled.

    In long words also one letter lacking, wrong or too many; in short ones these are other words.
    """
    letters = ENGLISH.letters if len(word) >= 7 else ""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[0] + tail
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail and (letters or tail[0] == head[-1:]):
            yield head + tail[1:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]


def is_noise(word: str) -> bool:
    """Whether it is a roman numeral ("xvii") or drawn out ("sooo")."""
    roman = r"c{0,3}(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})"
    return bool(re.fullmatch(roman, word) or re.search(r"(.)\1\1", word))


class Choice:
    """Decides which spellings go in."""

    def __init__(self, scowl: dict[str, list[Form]]) -> None:
        self.scowl = scowl
        self.used = read_frequencies("en")
        self.meant = {
            word
            for word, frequency in self.used.items()
            if frequency >= MEANT and word in scowl and scowl[word][0].size <= ORDINARY
        }
        self.abroad: dict[str, int] = {}
        for language in OTHER_LANGUAGES:
            for word, frequency in read_frequencies(language).items():
                self.abroad[word] = max(frequency, self.abroad.get(word, 0))
        marked = [word for word in scowl if "'" in word and self.takes(word)]
        self.pieces = {word.replace("'", "") for word in marked}  # "dont"
        for word in marked:
            if scowl[word][0].kind == "contractions":
                self.pieces.update(word.split("'"))  # "ll"

    def is_plain(self, word: str) -> bool:
        """Whether it is an ordinary word, not an abbreviation that happens to be spelt so."""
        return any(
            form.size <= ORDINARY and form.kind in ("words", *NAME_KINDS)
            for form in self.scowl.get(word, [])
        )

    def frequency(self, word: str) -> int:
        """How often it is used; "y'all", which wordfreq takes apart, counts as "yall"."""
        bare = word.replace("'", "")
        unmarked = FLOOR if self.is_plain(bare) else self.used.get(bare, FLOOR)
        return max(FLOOR, self.used.get(word, unmarked))

    def takes(self, word: str) -> bool:
        """Whether SCOWL's word goes in."""
        used = self.used.get(word, 0)
        return self.scowl[word][0].size <= ORDINARY or used >= USED

    def reason_against(self, word: str) -> str | None:
        """Why a spelling is left out; None if it goes in."""
        forms, used = self.scowl.get(word, []), self.used.get(word, 0)
        if len(word) == 1:
            return None if word in SHOWN else "single letter"
        ordinary = bool(forms) and forms[0].size <= ORDINARY
        if word in self.pieces and not self.is_plain(word):
            return "piece of a contraction"  # "dont" leads to "don't" without being a word
        if ordinary:
            return None
        if used < USED:
            return "rare"
        if len(word) == 2 or (len(word) == 3 and used < USED_IF_SHORT):
            return "short"
        return None if forms else self.what_is_wrong_with(word)

    def what_is_wrong_with(self, token: str) -> str | None:
        """Why a token that SCOWL does not have is no English word; None if it may be one."""
        used = self.used[token]
        if "'" in token and used < USED_IF_APOSTROPHE:
            return "apostrophe"
        if is_noise(token):
            return "noise"
        if self.abroad.get(token, 0) >= used + FOREIGN:
            return "foreign"
        meant = (word for word in one_slip_away(token) if word in self.meant)
        if len(token) >= 5 and any(self.used[word] >= used + SLIP for word in meant):
            return "slip"
        return None


def main() -> None:
    """Write the list; equal inputs give equal text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scowl", type=Path, help="folder of SCOWL's final lists")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    choice = Choice(read_scowl(arguments.scowl))
    left_out: Counter[str] = Counter()
    lines = []
    for word in sorted(choice.scowl.keys() | choice.used.keys()):
        reason = choice.reason_against(word)
        if reason is None:
            shown = as_shown(word, choice.scowl.get(word, []))
            lines.append(f"{shown}\t{choice.frequency(word)}\n")
        else:
            left_out[reason] += 1
    header = (
        "# name: en\n# language: en\n# licence: CC-BY-SA-4.0, see words-en.LICENSE\n"
        "# source: SCOWL 2020.12.07, wordfreq 3.1.1\n"
        "# format: word, tab, 100 * log10(occurrences in a billion words)\n"
    )
    # no time stamp inside, so that making it again is no change
    data = gzip.compress((header + "".join(lines)).encode(), compresslevel=9, mtime=0)
    arguments.out.write_bytes(data)
    print(f"{len(lines)} words, {len(data)} bytes to {arguments.out}")
    print(f"left out: {dict(left_out)}")


if __name__ == "__main__":
    main()
