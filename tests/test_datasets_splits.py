"""Splits by user: stable, of the right size, and no user in two."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from swipe_files import gesture

from glissando.datasets import DataError, shared_users, write_shards
from glissando.datasets.splits import assign, parse_fractions


def test_shares_are_read() -> None:
    assert parse_fractions("train=0.9, validation=0.05,test=0.05") == {
        "train": 0.9,
        "validation": 0.05,
        "test": 0.05,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train", "'train' is wrong; expected train=0.9,validation=0.1"),
        ("train=most", "'train=most' is wrong"),
        ("train=nan,b=1", "'train=nan' is wrong"),
        ("train=0,b=1", "'train=0' is wrong"),
        ("../up=1", "'../up=1' is wrong"),
        ("a=0.5,a=0.5", "'a=0.5' is wrong"),
        ("a=0.5,b=0.4", "the shares sum to 0.9, expected 1"),
    ],
)
def test_wrong_shares_are_refused(text: str, message: str) -> None:
    with pytest.raises(DataError) as error:
        parse_fractions(text)
    assert message in str(error.value)


def test_a_user_stays_where_a_user_was() -> None:
    """Written down once: a change would move users of yesterday's train into validation."""
    places = [assign(f"user{n}", {"a": 0.6, "b": 0.3, "c": 0.1}) for n in range(16)]
    assert "".join(places) == "ababacaaababcabb"


@given(st.text(), st.lists(st.floats(0.01, 1), min_size=1, max_size=5))
def test_every_user_has_a_split(user: str, weights: list[float]) -> None:
    shares = {f"s{n}": weight / sum(weights) for n, weight in enumerate(weights)}
    assert assign(user, shares) in shares


def test_shares_that_fall_short_by_rounding_leave_nobody_out() -> None:
    assert assign("user", {"a": 1e-9, "b": 1e-9}) == "b"


def test_shares_are_what_was_asked_for() -> None:
    shares = {"train": 0.7, "validation": 0.2, "test": 0.1}
    counts = dict.fromkeys(shares, 0)
    for number in range(20_000):
        counts[assign(str(number), shares)] += 1
    assert counts == pytest.approx({n: 20_000 * s for n, s in shares.items()}, rel=0.06)


def test_a_larger_split_keeps_the_users_it_had() -> None:
    users = [str(n) for n in range(1000)]
    small = {u for u in users if assign(u, {"a": 0.5, "b": 0.5}) == "a"}
    large = {u for u in users if assign(u, {"a": 0.6, "b": 0.4}) == "a"}
    assert small < large


def test_shared_users_are_counted_and_nobody_is_no_user(tmp_path: Path) -> None:
    folders = {}
    for name, users in {"one": ["a", "b", "c", ""], "other": ["b", "c", "d", ""]}.items():
        folders[name] = tmp_path / name
        with write_shards(folders[name]) as writer:
            for user in users:
                writer.add(gesture(user=user), "the", "a:1")
    assert shared_users(folders["one"], folders["other"]) == {"b", "c"}
