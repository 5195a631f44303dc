from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("omegaconf")

import typer.main

from glissando.cli.main import app
from glissando.training.options import known_keys

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\((?!https?://)([^)\s#]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"```sh\n(.*?)```|`([^`\n]+)`", re.DOTALL)

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES]
)


def commands(page: Path) -> Iterator[list[str]]:
    """Every line of the page's shell blocks and every inline code, as words."""
    for block, inline in CODE.findall(page.read_text(encoding="utf-8")):
        for line in (block or inline).splitlines():
            try:
                words = shlex.split(line, comments=True)
            except ValueError:  # a lone quote: prose, no command
                continue
            if words[:2] == ["uv", "run"]:
                words = words[2:]
            if words:
                yield words


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_to_files_and_headings_lead_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(page.read_text(encoding="utf-8")):
        found = page.parent / target if target else page
        assert found.exists(), f"{page.name}: {target}"
        assert not heading or heading in anchors(found), f"{page.name}: {target}#{heading}"


@each_page
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    for program, *words in commands(page):
        if program == "make" and words:
            assert {word for word in words if "=" not in word} <= targets, words


@each_page
def test_glissando_commands_and_their_options_exist(page: Path) -> None:
    group = typer.main.get_command(app)
    for program, *words in commands(page):
        if program != "glissando" or not words or words[0].startswith("-"):
            continue
        name, *rest = words
        command = group.get_command(typer.Context(group), name)  # type: ignore[attr-defined]
        assert command is not None, f"{page.name}: glissando {name}"
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options, words


@each_page
def test_scripts_exist_and_their_keys_are_in_the_schema(page: Path) -> None:
    for program, *words in commands(page):
        if program == "python":
            assert (ROOT / words[0]).is_file(), words
        keys = [word.split("=")[0] for word in [program, *words] if re.match(r"[a-z_.]+=\S", word)]
        for key in keys:
            if program.startswith("python") or "." in key:
                assert key in known_keys(), f"{page.name}: {key}"


def test_the_readme_begins_with_the_two_commands() -> None:
    first, second, *_ = commands(ROOT / "README.md")
    assert (first, second) == (["make", "train"], ["make", "test"])


def test_the_package_maps_name_every_room() -> None:
    package = ROOT / "src" / "glissando"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    rooms |= {path.stem for path in package.glob("*.py")} - {"__init__"}
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = architecture.partition("## Rooms")[2].partition("**The dependency rule.**")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    there = {name for row in rows for name in re.findall(r"`(\w+)`", row.partition("*later*")[0])}
    assert there == rooms
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = {Path(path).stem for path in re.findall(r"\(src/glissando/([\w.]+)\)", readme)}
    assert linked == rooms
