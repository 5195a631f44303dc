"""`glissando draw` as a user meets it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from swipe_files import POINTS, point, row, write_lines
from typer.testing import CliRunner

from glissando.cli.main import app
from glissando.cli.pictures import LONGEST_SIDE, PictureError, png_of
from glissando.drawing import NAMED_FONTS, row_ratio_of, swipe_svg
from glissando.keyboard import load_keyboard
from glissando.traces import Gesture, Trace

QWERTY = load_keyboard("qwerty")


def run(*arguments: object, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["draw", *map(str, arguments)], input=stdin)
    return result.exit_code, result.stdout, result.stderr


def title(svg: str) -> str:
    return ET.fromstring(svg).attrib["aria-label"].removeprefix("A swipe that spells ")


@pytest.fixture
def swipes(tmp_path: Path) -> Path:
    rows = [row("the"), row("don’t"), "", row("the", points=[point(0.2, 0.2)])]
    return write_lines(tmp_path / "a.jsonl", rows)


@pytest.mark.parametrize(
    ("options", "word", "points"),
    [
        ((), "the", 3),
        (("--row", 2), "don’t", 3),
        (("--row", 4), "the", 1),
        (("--word", "dont"), "don’t", 3),
        (("--word", "The", "--row", 4), "the", 1),
    ],
)
def test_which_swipe_is_drawn(
    swipes: Path, options: tuple[object, ...], word: str, points: int
) -> None:
    code, svg, _ = run(swipes, *options)
    assert (code, title(svg)) == (0, word)
    assert f"{points} points" in svg


def test_a_plain_trace_from_a_pipe_has_no_title() -> None:
    code, svg, _ = run("-", stdin=json.dumps(POINTS, indent=1))
    assert (code, title(svg)) == (0, "A swipe on a keyboard")


def test_the_keyboard_is_the_row_s_own_or_the_one_given(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [row("a", keyboard="azerty")])
    own, given = (run(path, *more)[1] for more in ((), ("--keyboard", "qwerty")))
    first = {name: load_keyboard(name).centres for name in ("azerty", "qwerty")}
    assert own.count("<rect") == len(first["azerty"])
    assert given.count("<rect") == len(first["qwerty"])
    assert own != given


def test_the_screen_s_aspect_is_the_recorded_one() -> None:
    gesture = Gesture(Trace.from_points(POINTS), "the", width=400, height=240)
    assert row_ratio_of(gesture, QWERTY) == pytest.approx((240 / 3) / (400 / 10))
    unknown = Gesture(Trace.from_points(POINTS), "the")
    assert row_ratio_of(unknown, QWERTY) == 1.5


def test_an_svg_file_holds_what_is_printed(swipes: Path, tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "a.SVG"
    code, output, _ = run(swipes, "--out", out)
    assert (code, output) == (0, f"written    {out}\n")
    assert out.read_text(encoding="utf-8") == run(swipes)[1]


def test_a_png_is_dark_where_the_path_is(tmp_path: Path) -> None:
    """A stroke along the middle row, between its two letters' ends; light above and below."""
    trace = [point(x, 0.5, 1000 * x) for x in np.linspace(0.05, 0.95, 19)]
    path = write_lines(tmp_path / "a.jsonl", [trace])
    code, _, error = run(path, "--out", tmp_path / "a.png")
    assert (code, error) == (0, "")
    picture = Image.open(tmp_path / "a.png")
    picture.load()
    svg = ET.fromstring(run(path)[1])
    scale = picture.width / float(svg.attrib["width"])
    assert scale == pytest.approx(2, abs=0.01)
    grey = np.asarray(picture.convert("L"))
    lines = [e for e in svg.iter() if e.tag.endswith("polyline")]
    points = [pair.split(",") for line in lines for pair in line.attrib["points"].split()]
    at = (np.array(points, dtype=float) * scale).round().astype(int)
    inside = at[5:-5]
    assert (grey[inside[:, 1], inside[:, 0]] < 150).all()
    assert (grey[inside[:, 1] - 30, inside[:, 0]] > 150).all()
    assert grey[0, 0] == 255


def test_letters_are_painted() -> None:
    """Their fonts are found by name: the picture differs from one without text."""
    if shutil.which("fc-list") is None:
        pytest.skip("no fc-list to ask for fonts")
    fonts = subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout
    if not any(name in fonts for name in NAMED_FONTS):
        pytest.skip("none of the fonts that the picture names")
    svg = swipe_svg(Trace.from_points(POINTS), QWERTY)
    bare = "\n".join(line for line in svg.splitlines() if not line.startswith("<text"))
    one, other = (np.asarray(Image.open(io.BytesIO(png_of(text)))) for text in (svg, bare))
    assert (one != other).any()


def test_a_swipe_far_outside_gives_no_huge_picture() -> None:
    svg = swipe_svg(Trace.from_arrays([0.1, 45], [0.1, -45], [0, 9]), QWERTY)
    assert max(Image.open(io.BytesIO(png_of(svg))).size) <= LONGEST_SIDE + 1


BAD = [
    (("--row", 3), "a.jsonl: no swipe in line 3"),
    (("--row", 9, "--word", "the"), "a.jsonl: no swipe of the word 'the' in line 9"),
    (("--word", "of"), "a.jsonl: no swipe of the word 'of'"),
    (("--keyboard", "dvorak"), "a.jsonl:1: unknown keyboard 'dvorak'"),
    (("--out", "a.jpg"), "a.jpg: expected a name that ends in .svg or .png"),
    (("--out", "/dev/null/a.svg"), "/dev/null/a.svg: cannot write: "),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_errors_are_one_line_and_exit_code_2(
    swipes: Path, options: tuple[object, ...], message: str
) -> None:
    code, output, error = run(swipes, *options)
    assert (code, output) == (2, "")
    assert error.startswith("glissando: ") and error.count("\n") == 1
    assert message in error


def test_pixels_are_told_from_fractions(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [[point(120.5, 300)]])
    code, _, error = run(path)
    assert code == 2
    assert "a.jsonl:1: points: x or y reaches 300, expected fractions" in error


def test_a_broken_line_behind_the_one_wanted_does_not_matter(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [row("a"), "{"])
    assert run(path, "--row", 1)[0] == 0
    assert "no swipe of the word 'b' in line 1" in run(path, "--row", 1, "--word", "b")[2]
    assert "a.jsonl:2: not JSON" in run(path, "--row", 2)[2]


def test_without_the_painter_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(PictureError, match="pip install 'glissando\\[cli\\]'"):
        png_of("<svg/>")
