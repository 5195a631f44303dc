from __future__ import annotations

import gzip
import hashlib
import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bundles import SPEC, description, swipe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glissando import GestureDecoder
from glissando.alphabet import Alphabet
from glissando.bundle import (
    LEXICON,
    LEXICON_LICENCE,
    Bundle,
    BundleError,
    read_bundle,
    write_bundle,
)

FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_bundle, tmp_path / "bundle")


def rewrite(folder: Path, change: Change) -> None:
    path = folder / "bundle.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def put(folder: Path, name: str, data: bytes) -> None:
    """Write a file and its true hash: what a hostile author does, not a damaged disk."""
    (folder / name).write_bytes(data)
    facts = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    rewrite(folder, lambda d: d["files"].update({name: facts}))


@pytest.mark.parametrize("fixture", ["tiny_bundle", "tiny_ctc_bundle"])
def test_a_bundle_comes_back_as_it_was_written(
    request: pytest.FixtureRequest, tmp_path: Path, fixture: str
) -> None:
    bundle = read_bundle(request.getfixturevalue(fixture))
    written = write_bundle(tmp_path / "again", bundle.description, bundle.files)
    again = read_bundle(tmp_path / "again")
    assert again.description == written == bundle.description
    assert again.files == bundle.files
    assert again.description.size_bytes == sum(map(len, again.files.values()))


@given(st.data())
@FUZZ
def test_every_flipped_bit_is_noticed(tiny_bundle: Path, copy: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(p.name for p in copy.iterdir())))
    path = copy / name
    content = bytearray((tiny_bundle / name).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    if name == "bundle.json":  # has no hash; whatever is still a description has to be sound
        try:
            found = read_bundle(copy)
        except BundleError:
            pass
        else:
            assert found.files == read_bundle(tiny_bundle).files
    else:
        with pytest.raises(BundleError, match=name):
            read_bundle(copy)
    path.write_bytes((tiny_bundle / name).read_bytes())


@given(st.data())
@FUZZ
def test_every_cut_is_noticed(tiny_bundle: Path, copy: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(p.name for p in copy.iterdir())))
    content = (tiny_bundle / name).read_bytes()
    (copy / name).write_bytes(content[: data.draw(st.integers(0, len(content.rstrip()) - 1))])
    with pytest.raises(BundleError, match=name):
        read_bundle(copy)
    (copy / name).write_bytes(content)


NAMES = ["features.onnx", "encoder.onnx", "joiner.onnx", LEXICON, LEXICON_LICENCE, "bundle.json"]


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_a_link_and_a_folder_are_refused(copy: Path, name: str) -> None:
    path = copy / name
    elsewhere = path.rename(copy.parent / name)
    with pytest.raises(BundleError, match=f"{name}.* is missing"):
        read_bundle(copy)
    path.symlink_to(elsewhere)
    with pytest.raises(BundleError, match=f"{name}.* not a plain file"):
        read_bundle(copy)
    path.unlink()
    path.mkdir()
    with pytest.raises(BundleError, match=f"{name}.* not a plain file"):
        read_bundle(copy)


def test_what_is_no_folder_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(pickle.dumps(SPEC))
    for path in (tmp_path, tmp_path / "none", tmp_path / "file", tmp_path / ("x" * 300)):
        with pytest.raises(BundleError):
            read_bundle(path)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "extra.bin", "a/b", "\ud800", ""])
def test_only_files_that_a_bundle_has_are_opened(copy: Path, name: str) -> None:
    data = b"secret"
    facts = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (copy.parent / "outside").write_bytes(data)
    rewrite(copy, lambda d: d["files"].update({name: facts}))
    with pytest.raises(BundleError, match="files: missing or not expected") as caught:
        read_bundle(copy)
    str(caught.value).encode()  # can be printed


def claim(name: str, **facts: Any) -> Change:
    return lambda d: d["files"][name].update(facts)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(schema=2), "newer glissando wrote it"),
        (lambda d: d.update(schema=True), "schema: expected 1, found True"),
        (lambda d: d.pop("schema"), "schema: expected 1, found None"),
        (lambda d: d.update(head="tdt"), "head: expected one of rnnt, ctc"),
        (lambda d: d.update(head="ctc"), "files: missing or not expected: 'decoder.onnx'"),
        (lambda d: d.update(name=""), "name: expected a printable text"),
        (lambda d: d.update(name="\x1b[2J"), "name: expected a printable text"),
        (lambda d: d.update(alphabet="aa"), "alphabet: expected letters, none of them twice"),
        (lambda d: d.update(alphabet=d["alphabet"][::-1]), "labels: another order"),
        (lambda d: d.update(alphabet=[*map(chr, range(2000, 3000))]), "alphabet: expected a"),
        (lambda d: d.update(alphabet="".join(map(chr, range(0x4E00, 0x4F00)))), "1 to 100 letters"),
        (lambda d: d["labels"].reverse(), "labels: another order"),
        (lambda d: d.update(labels=5), "labels: "),
        (lambda d: d["features"].update(letters="abc"), "features: names"),
        (lambda d: d["features"].update(sigma=10**400), "sigma: expected a finite number"),
        (lambda d: d["features"].update(points=0.5), "points: expected int"),
        (lambda d: d.update(keyboards=[]), "at least one keyboard"),
        (lambda d: d["keyboards"][0].update(key_width=1e-300), "key_width and key_height"),
        (lambda d: d["keyboards"][0].update(key_height=10**400), "key_height: expected"),
        (lambda d: d["keyboards"][0]["keys"][0].update(x=1e300), "x: expected -1000 to 1000"),
        (lambda d: d["decoding"].update(width=10**9), "width: expected 1 to 10000"),
        (lambda d: d["decoding"].update(max_symbols=10**9), "max_symbols: expected 1 to 100"),
        (lambda d: d["decoding"].update(prior_weight=1e308), "prior_weight: expected 0 to 100"),
        (lambda d: d["decoding"].update(temperature=float("inf")), "temperature: expected a fin"),
        (claim("encoder.onnx", size=10**18), "encoder.onnx: expected 1000000000000000000 bytes"),
        (claim("encoder.onnx", size=-1), "encoder.onnx: expected -1 bytes"),
        (claim("encoder.onnx", size=10.5), "size: expected int"),
        (claim("encoder.onnx", sha256="0" * 64), "encoder.onnx: damaged"),
        (claim("encoder.onnx", url="http://a.b"), "unknown field 'url'"),
    ],
)
def test_a_wrong_description_is_refused_by_name(copy: Path, change: Change, message: str) -> None:
    rewrite(copy, change)
    with pytest.raises(BundleError) as caught:
        read_bundle(copy)
    assert message in str(caught.value)
    assert "bundle.json" in str(caught.value) or "encoder.onnx" in str(caught.value)


def test_another_alphabet_throughout_does_not_fit_the_graphs(copy: Path) -> None:
    letters = "abcdefghij"
    spec = replace(SPEC, letters=letters)
    other = description("rnnt", alphabet=Alphabet(letters), features=spec).to_json()
    part = {name: other[name] for name in ("alphabet", "labels", "features")}
    rewrite(copy, lambda d: d.update(part))
    with pytest.raises(BundleError, match=r"lexicon\.txt\.gz: word 'the': 't' is not in"):
        GestureDecoder.load(copy)
    put(copy, LEXICON, gzip.compress(b"badge\t100\n", mtime=0))
    with pytest.raises(BundleError, match=r"features\.onnx: cannot be run"):
        GestureDecoder.load(copy)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_description_is_refused(copy: Path, content: bytes) -> None:
    (copy / "bundle.json").write_bytes(content)
    with pytest.raises(BundleError, match=r"bundle\.json"):
        read_bundle(copy)


def test_huge_files_are_not_read(copy: Path) -> None:
    for name in ("encoder.onnx", "bundle.json"):
        with (copy / name).open("ab") as file:
            file.truncate(1 << 40)  # sparse
        with pytest.raises(BundleError, match=f"{name}: 1099511627776 bytes, expected at most"):
            read_bundle(copy)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the values of a JSON document stand, but for the facts, which are free."""
    entries: Any = ()
    if isinstance(data, dict):
        entries = [(key, value) for key, value in data.items() if key != "facts"]
    elif isinstance(data, list):
        entries = [*enumerate(data)][:3]
    inner = [place for key, value in entries for place in places(value, (*path, key))]
    return [path, *inner] if path else inner


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_anywhere_is_read_or_refused(copy: Path, data: st.DataObject) -> None:
    original = (copy / "bundle.json").read_text()
    document = json.loads(original)
    *path, last = data.draw(st.sampled_from(places(document)))
    owner = document
    for key in path:
        owner = owner[key]
    if isinstance(owner, dict) and data.draw(st.booleans()):
        del owner[last]
    else:
        owner[last] = data.draw(json_values)
    (copy / "bundle.json").write_text(json.dumps(document))
    try:
        read_bundle(copy)
    except BundleError as error:
        str(error).encode()
    finally:
        (copy / "bundle.json").write_text(original)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pickle.dumps([1, 2]), "damaged or truncated .gz"),
        (gzip.compress(b"", mtime=0), "has no words"),
        (gzip.compress(b"a" * 70_000_000, mtime=0), "unpacks to more than 64 MB"),
        (gzip.compress(b"a\n" * 3_000_000, mtime=0), "more than 2,000,000 lines"),
        (gzip.compress(b"a" * 101 + b"\t1\n", mtime=0), "has 101 letters"),
        (gzip.compress("好\t100\n".encode(), mtime=0), "not in the alphabet"),
        (gzip.compress(b"\xff\xfe\n", mtime=0), "not UTF-8"),
        (gzip.compress(b"", mtime=0) * 5000, "unpacks to more than"),
    ],
)
def test_a_hostile_word_list_is_refused(copy: Path, data: bytes, message: str) -> None:
    put(copy, LEXICON, data)
    with pytest.raises(BundleError, match=LEXICON) as caught:
        GestureDecoder.load(copy)
    assert message in str(caught.value)


def test_both_heads_decode(tiny_bundle: Path, tiny_ctc_bundle: Path) -> None:
    for folder in (tiny_bundle, tiny_ctc_bundle):
        assert GestureDecoder.load(folder).decode(swipe("hello"))


def test_a_bundle_in_memory_decodes_too(tiny_bundle: Path) -> None:
    read = read_bundle(tiny_bundle)
    decoder = GestureDecoder(Bundle(read.description, read.files))
    wanted = GestureDecoder.load(tiny_bundle).decode(swipe("the"))
    assert decoder.decode(swipe("the")) == wanted
