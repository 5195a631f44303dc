"""A user's own words: what they want, and the file that outlives the process."""

from __future__ import annotations

import math
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.lexicon import (
    LexiconError,
    PersonalChanges,
    PersonalWords,
    PersonalWordsError,
    matching_key,
    personal_words_file,
)
from glissando.lexicon.personal_file import BOOST, FREQUENCY, HEADER, Entry


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "words.txt"


def test_a_new_user_wants_nothing_and_reading_makes_no_file(file: Path) -> None:
    mine = PersonalWords(file)
    assert mine.changes == PersonalChanges({}, {}, frozenset())
    assert (mine.entries(), mine.revision, file.exists()) == ([], 0, False)


def test_what_was_said_counts_at_once_and_after_a_restart(file: Path) -> None:
    mine = PersonalWords(file)
    mine.add("Gruffalo", 4)
    mine.add("O’Hara")
    mine.boost("Thesis", -1.5)
    mine.boost("cat")
    mine.block("Ducking")
    wanted = PersonalChanges(
        added={"Gruffalo": -5 * math.log(10), "O'Hara": (FREQUENCY - 9) * math.log(10)},
        boosts={"thesis": -1.5, "cat": BOOST},
        blocked=frozenset({"ducking"}),
    )
    assert mine.changes == wanted == PersonalWords(file).changes
    assert (mine.added, mine.boosts, mine.blocked) == (
        wanted.added,
        wanted.boosts,
        wanted.blocked,
    )
    assert file.read_text("utf-8").splitlines() == [
        *HEADER, "add\tGruffalo\t4", "add\tO'Hara\t4.5", "boost\tThesis\t-1.5", "boost\tcat\t2",
        "block\tDucking",
    ]  # fmt: skip


def test_the_last_word_on_a_word_counts() -> None:
    mine = PersonalWords()
    mine.add("Gull", 3)
    mine.boost("gull", 1)
    mine.add("gull", 2)  # instead of the first
    assert [*mine.added] == ["gull"] and mine.boosts == {"gull": 1.0}
    mine.block("GULL")  # forgets both
    assert (mine.added, mine.boosts, mine.blocked) == ({}, {}, {"gull"})
    mine.boost("gull")
    assert (mine.boosts, mine.blocked) == ({"gull": BOOST}, frozenset())
    mine.block("gull")
    mine.add("Gull")
    assert ([*mine.added], mine.blocked) == (["Gull"], frozenset())
    assert mine.remove("Gull") and not mine.remove("Gull")
    assert mine.entries() == []


def test_numbers_lose_no_digit(file: Path) -> None:
    PersonalWords(file).boost("cat", 1 / 3)
    assert PersonalWords(file).boosts == {"cat": 1 / 3}


def test_apostrophes_count_and_case_does_not() -> None:
    assert matching_key("WE’RE") == "we're" != matching_key("were")
    mine = PersonalWords()
    mine.block("were")
    mine.add("we're")
    assert mine.blocked == {"were"} and [*mine.added] == ["we're"]


def test_a_revision_is_a_change(file: Path) -> None:
    mine = PersonalWords(file)
    mine.block("one")
    before, revision, data = mine.changes, mine.revision, file.stat()
    mine.block("one")
    assert mine.changes is before and mine.revision == revision
    assert file.stat().st_mtime_ns == data.st_mtime_ns and file.stat().st_ino == data.st_ino
    mine.block("two")
    assert mine.revision > revision
    assert before.blocked == {"one"}  # what somebody took stays as it was


def test_refresh_takes_what_another_wrote(file: Path) -> None:
    mine, other = PersonalWords(file), PersonalWords(file)
    other.add("Gruffalo")
    assert mine.added == {}
    assert mine.refresh() and [*mine.added] == ["Gruffalo"]
    assert not mine.refresh()
    other.block("cat")
    mine.block("dog")  # writes on top of what the other wrote
    assert mine.blocked == {"cat", "dog"} == PersonalWords(file).blocked
    file.unlink()
    assert mine.refresh() and mine.changes == PersonalChanges({}, {}, frozenset())


def test_a_hand_written_file_keeps_its_comments_and_order(file: Path) -> None:
    file.parent.mkdir()
    text = "# my words\r\n\r\n  add  Kluge\r\nboost\tcat  3 \r\n# nothing below\r\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    mine = PersonalWords(file)
    assert mine.entries() == [Entry("add", "Kluge", FREQUENCY), Entry("boost", "cat", 3.0)]
    mine.add("kluge", 2)
    mine.block("end")
    assert file.read_text("utf-8").split("\n") == [
        "# my words", "", "add\tkluge\t2", "boost\tcat  3 ", "# nothing below", "block\tend", "",
    ]  # fmt: skip


def test_a_word_wanted_and_blocked_in_one_file_is_blocked(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("block gull\nadd Gull 3\nadd cat 1\nadd Cat 2\n")
    mine = PersonalWords(file)
    assert mine.blocked == {"gull"}
    assert mine.added == {"Cat": -7 * math.log(10)}


WORD = st.text("abzABZé'’", min_size=1, max_size=8).filter(lambda word: set(word) - set("'’"))
SAID = st.one_of(
    st.tuples(st.just("add"), WORD, st.none() | st.floats(0, 8)),
    st.tuples(st.just("boost"), WORD, st.none() | st.floats(-20, 20)),
    st.tuples(st.just("block"), WORD, st.none()),
    st.tuples(st.just("remove"), WORD, st.none()),
)


@given(st.lists(SAID, max_size=12))
def test_a_file_says_what_memory_does(said: list[tuple[str, str, float | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.txt"
        kept, memory = PersonalWords(path), PersonalWords()
        for action, word, amount in said:
            for mine in (kept, memory):
                if amount is None:
                    getattr(mine, action)(word)
                else:
                    getattr(mine, action)(word, amount)
        again = PersonalWords(path)
        assert kept.changes == memory.changes == again.changes
        assert kept.entries() == memory.entries() == again.entries()
        keys = [(entry.action, entry.key) for entry in again.entries()]
        assert len(keys) == len(set(keys))
        assert not again.blocked & {matching_key(word) for word in [*again.added, *again.boosts]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"add cat\nlearn dog\n", r"words\.txt:2: expected one of add, boost, block, found 'lea"),
        (b"add\n", r"words\.txt:1: expected 'add', a word and perhaps a number"),
        (b"# x\nadd new york 3\n", r"words\.txt:2: expected 'add', a word"),
        (b"add cat often\n", r"words\.txt:1: 'often': expected a number"),
        (b"add cat 8.5\n", r"words\.txt:1: add cat: expected a number from 0 to 8, found 8\.5"),
        (b"add cat nan\n", r"words\.txt:1: add cat: expected a number from 0 to 8, found nan"),
        (b"boost cat -21\n", r"words\.txt:1: boost cat: expected a number from -20 to 20"),
        (b"block cat 1\n", r"words\.txt:1: block takes a word only"),
        (b"add b2b\n", r"words\.txt:1: word 'b2b': '2' is not in the alphabet"),
        (b"add (cat)\n", r"words\.txt:1: word '\(cat\)': '\(' is not part of a word"),
        (b"add --\n", r"words\.txt:1: word '--' has no letters"),
        (b"add " + b"a" * 49, r"words\.txt:1: word 'a+': has more than 48 letters"),
        (b"add cat\nadd \xff\n", r"words\.txt:2: not UTF-8"),
    ],
)
def test_damaged_lines_are_named_and_nothing_is_lost(
    content: bytes, message: str, file: Path
) -> None:
    mine = PersonalWords(file)
    mine.add("Kluge")
    before = mine.changes
    file.write_bytes(content)
    for act in (lambda: PersonalWords(file), mine.refresh, lambda: mine.add("cat")):
        with pytest.raises(PersonalWordsError, match=message):
            act()
    assert mine.changes is before
    assert file.read_bytes() == content
    assert issubclass(PersonalWordsError, LexiconError)


def test_a_wrong_word_is_refused_before_anything_is_written(file: Path) -> None:
    mine = PersonalWords(file)
    for act in (
        lambda: mine.add("b2b"),
        lambda: mine.add("new york"),
        lambda: mine.add("cat", 9),
        lambda: mine.boost("cat", math.inf),
        lambda: mine.block(""),
    ):
        with pytest.raises(PersonalWordsError):
            act()
    assert not file.exists() and mine.revision == 0


def test_a_file_that_cannot_be_written_changes_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = PersonalWords(file)
    mine.block("one")
    before = file.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PersonalWordsError, match=r"words\.txt: cannot write: No space left"):
        mine.block("two")
    assert file.read_bytes() == before and mine.blocked == {"one"}
    assert [*file.parent.iterdir()] == [file]  # nothing half written is left


def test_a_folder_or_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    with pytest.raises(PersonalWordsError, match="cannot read: Is a directory"):
        PersonalWords(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(PersonalWordsError, match="cannot"):
        PersonalWords(tmp_path / "file" / "words.txt").add("cat")


def test_permissions_and_links_stay(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir()
    file.write_text("block one\n")
    file.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(file)
    PersonalWords(link).block("two")
    assert link.is_symlink() and PersonalWords(file).blocked == {"one", "two"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("kept", [True, False])
def test_threads_lose_nothing(kept: bool, file: Path) -> None:
    mine = PersonalWords(file if kept else None)
    letters = "abcdefgh"
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # so that a missing lock shows
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda c: [mine.block(c + d) for d in letters], letters))
    finally:
        sys.setswitchinterval(usual)
    assert mine.blocked == {a + b for a in letters for b in letters}
    if kept:
        assert PersonalWords(file).blocked == mine.blocked


TWO = """
import sys
from glissando.lexicon import PersonalWords
mine = PersonalWords(sys.argv[1])
for letter in "abcdefghijklmnopqrst":
    mine.block(sys.argv[2] + letter)
"""


def test_two_processes_lose_nothing(file: Path) -> None:
    pair = [subprocess.Popen([sys.executable, "-c", TWO, str(file), word]) for word in ("x", "y")]
    assert [process.wait(60) for process in pair] == [0, 0]
    expected = {word + letter for word in "xy" for letter in "abcdefghijklmnopqrst"}
    assert PersonalWords(file).blocked == expected
    assert [*file.parent.iterdir()] == [file]


def test_where_the_file_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLISSANDO_WORDS", "/some/where.txt")
    assert personal_words_file() == Path("/some/where.txt")
    monkeypatch.delenv("GLISSANDO_WORDS")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/configured")
    assert personal_words_file() == Path("/configured/glissando/words.txt")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/nowhere/ann")
    assert personal_words_file() == Path("/nowhere/ann/.config/glissando/words.txt")
