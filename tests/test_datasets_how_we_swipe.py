"""Raw logs: each known defect, and the real logs against the manifest made from them."""

import gzip
import json
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glissando.datasets.how_we_swipe import HowWeSwipeReader
from glissando.datasets.reading import idle
from glissando.datasets.records import DataError, Located, Rejection, Row
from glissando.datasets.registry import find_readers

HEADER = (
    "sentence timestamp keyb_width keyb_height event "
    "x_pos y_pos x_radius y_radius angle word is_err"
)


def event(kind: str, x: int, y: int, time: int, word: str = "hi", flags: str = "0") -> str:
    return f"say_hi {1580128712000 + time} 370 370 touch{kind} {x} {y} 1 1 0 {word} {flags}"


def swipe(word: str = "hi", flags: str = "0", time: int = 0) -> list[str]:
    return [
        event("start", 37, 30, time, word, flags),
        event("move", 74, 60, time + 16, word, flags),
        event("end", 74, 60, time + 20, word, flags),
    ]


def write_log(folder: Path, lines: list[str], name: str = "abc.log") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return folder


def read(path: Path) -> list[Row]:
    return list(HowWeSwipeReader().read(path, idle))


def test_a_swipe_in_fractions_of_the_letter_rows(tmp_path: Path) -> None:
    [item] = read(write_log(tmp_path / "logs", [HEADER, *swipe()]))
    assert isinstance(item, Located)
    found = item.gesture
    assert item.origin == f"{tmp_path}/logs/abc.log:2"
    np.testing.assert_allclose(found.trace.x, [0.1, 0.2, 0.2], rtol=1e-6)
    np.testing.assert_allclose(found.trace.y, [0.1, 0.2, 0.2], rtol=1e-6)  # 3 of 3.7 rows of 370
    assert found.trace.t.tolist() == [0, 16, 20]
    assert (found.word, found.sentence, found.layout) == ("hi", "say hi", "qwerty")
    assert (found.width, found.height) == (370, 300)
    assert (found.is_err, found.source) == (False, "how-we-swipe")
    assert found.user and found.user != "abc"


def test_every_try_of_a_word_is_a_gesture(tmp_path: Path) -> None:
    lines = [HEADER, *swipe(flags="1"), *swipe(time=500)]
    first, second = read(write_log(tmp_path / "logs", lines))
    assert isinstance(first, Located) and isinstance(second, Located)
    assert (first.gesture.is_err, second.gesture.is_err) == (True, False)
    assert first.gesture.user == second.gesture.user


def test_what_was_uploaded_twice_is_set_aside_once(tmp_path: Path) -> None:
    lines = [HEADER, *swipe(), *swipe(flags="0 0"), *swipe(time=500)]
    first, again, second = read(write_log(tmp_path / "logs", lines))
    assert isinstance(first, Located) and isinstance(second, Located)
    assert again == Rejection(
        "sent_again",
        "expected 12 fields, found 13 (lines in a row: 3)",
        f"{tmp_path}/logs/abc.log:5",
    )


DEFECTS = {
    "no touchstart": (swipe()[1:], "no_touchstart", "events of 'hi' without a touchstart"),
    "no touchend": (swipe()[:2], "no_touchend", "swipe of 'hi' without a touchend"),
    "short line": (["say_hi 158"], "ill_formed_line", "expected 12 fields, found 2"),
    "long line": ([swipe()[0] + " more"], "ill_formed_line", "expected 12 fields, found 13"),
    "text": ([event("start", 0, 0, 0).replace("370", "wide")], "ill_formed_line", "could not"),
    "no width": ([event("start", 0, 0, 0).replace("370", "0")], "ill_formed_line", "keyboard of"),
    "other event": ([event("cancel", 0, 0, 0)], "ill_formed_line", "event 'touchcancel'"),
    "binary": (["\x00\x01"], "ill_formed_line", "expected 12 fields, found 1"),
    "time": (
        [swipe()[0], event("end", 1, 1, -9)],
        "time_backwards",
        "points[1].t is 1580128711991",
    ),
    "nan": (
        [event("start", 0, 0, 0).replace(" 0 0 1", " nan 0 1"), *swipe()[1:]],
        "not_finite",
        "x",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_set_aside_and_its_neighbours_are_kept(tmp_path: Path, defect: str) -> None:
    lines, reason, message = DEFECTS[defect]
    other = "hello"
    log = [HEADER, *swipe(other), *lines, *swipe(other, time=900)]
    before, bad, after = read(write_log(tmp_path / "logs", log))
    assert isinstance(before, Located) and isinstance(after, Located)
    assert isinstance(bad, Rejection)
    assert (bad.reason, bad.origin) == (reason, f"{tmp_path}/logs/abc.log:5")
    assert message in bad.message


def test_lost_beginnings_of_two_words_are_two(tmp_path: Path) -> None:
    one, two = swipe("one"), swipe("two")
    log = write_log(tmp_path / "logs", [HEADER, one[1], *two[1:], *two[1:]])
    lines = [item.origin.rpartition(":")[2] for item in read(log)]
    assert lines == ["2", "3", "5"]


@pytest.mark.parametrize("lines", [[HEADER], []])
def test_a_log_without_events_is_counted(tmp_path: Path, lines: list[str]) -> None:
    log = write_log(tmp_path / "logs", lines)
    write_log(log, [HEADER, *swipe()], "other.log")
    empty, good = read(log)
    assert empty == Rejection("empty_log", "the log has no events", f"{log}/abc.log:1")
    assert isinstance(good, Located)


def test_a_folder_and_a_zip_of_it_read_the_same(tmp_path: Path) -> None:
    folder = write_log(tmp_path / "logs", [HEADER, *swipe(), *swipe()[1:]])
    (folder / "abc.json").write_text("{}")
    write_log(folder, [HEADER, *swipe("other")], "a-longer-name.log")
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        for file in sorted(folder.iterdir(), reverse=True):
            archive.write(file, f"logs/{file.name}")
    for source in (folder, tmp_path / "logs.zip", folder / "abc.log"):
        [(reader, path)] = find_readers(source)
        assert (reader.name, path) == ("how-we-swipe", source)
    from_folder, from_zip = read(folder), read(tmp_path / "logs.zip")
    assert from_zip[0].origin == f"{tmp_path}/logs.zip/logs/a-longer-name.log:2"
    for one, other in zip(from_folder, from_zip, strict=True):
        if isinstance(one, Located):
            assert isinstance(other, Located)
            assert one.gesture.to_row() == other.gesture.to_row()
        else:
            assert isinstance(other, Rejection) and one.message == other.message


def test_a_damaged_zip_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logs/abc.log", "\n".join([HEADER, *swipe() * 200]))
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"logs\.zip/logs/abc\.log: damaged \.zip"):
        read(path)


def test_a_folder_of_other_logs_is_not_recognised(tmp_path: Path) -> None:
    folder = write_log(tmp_path / "logs", ["a log of something else"])
    with pytest.raises(DataError, match="no swipes in this folder"):
        find_readers(folder)


@pytest.fixture(scope="module")
def recorded(real_data: Path) -> tuple[list[Row], dict[tuple[str, str], list[dict[str, Any]]]]:
    """The raw sample, and the manifest's rows of its users by user and word."""
    raw = read(real_data / "how-we-swipe" / "swipelogs-sample.zip")
    users = {item.gesture.user for item in raw if isinstance(item, Located)}
    rows = defaultdict(list)
    with gzip.open(real_data / "how-we-swipe" / "hws-train.jsonl.gz", "rt") as file:
        for line in file:
            if line.partition('"user":"')[2].partition('"')[0] in users:
                found = json.loads(line)
                rows[found["user"], found["word"]].append(found)
    return raw, rows


def test_real_logs_agree_with_the_manifest_made_from_them(recorded: Any) -> None:
    raw, rows = recorded
    assert sum(map(len, rows.values())) == 1642
    unmatched = []
    for item in raw:
        if isinstance(item, Rejection):
            continue
        ours = item.gesture.to_row()
        theirs = rows[ours["user"], ours["word"]]
        twin = next((candidate for candidate in theirs if _same(ours, candidate)), None)
        if twin is None:
            unmatched.append(ours)
        else:
            theirs.remove(twin)
    assert not any(rows.values())  # each row of the manifest was found, exactly once
    assert len(unmatched) == 47
    assert all(len(row["points"]) < 4 for row in unmatched)  # taps, which the manifest leaves out


def _same(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    facts = ("sentence", "is_err", "clean", "source")
    if len(ours["points"]) != len(theirs["points"]) or any(ours[f] != theirs[f] for f in facts):
        return False
    one, other = (np.array([[p[c] for c in "xyt"] for p in r["points"]]) for r in (ours, theirs))
    return bool(np.abs(one - other).max() < 6e-5)  # the manifest keeps four decimals


def test_real_defects_are_counted(recorded: Any) -> None:
    raw, _ = recorded
    counts: dict[str, int] = defaultdict(int)
    for item in raw:
        counts[item.reason if isinstance(item, Rejection) else "swipes"] += 1
    assert counts == {"swipes": 1689, "no_touchstart": 166, "sent_again": 50, "no_touchend": 1}
