"""The page of the demo: what a person does on it, and what it does then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from web_fixtures import PHONE, READY, Visit
from web_swipes import (
    CHOSEN,
    Hand,
    milliseconds,
    received,
    spelt_out,
    synthetic,
    text,
    until,
    write,
)

from glissando import GestureDecoder
from glissando.keyboard import load_keyboard

COUNT_ANSWERS = """
answers = 0;
Worker = class extends Worker {
  constructor(...whatever) {
    super(...whatever);
    this.addEventListener("message", ({ data }) => { answers += data.kind === "answer"; });
  }
};
"""


def candidates(page: Any) -> list[str]:
    return list(page.locator(".candidate:visible").all_inner_texts())


def tap(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).tap()


def test_candidates_follow_the_finger_and_settle_when_it_lifts(page: Any) -> None:
    hand, points = Hand(page), synthetic("writing")
    half = len(points) // 2
    hand.swipe(points[:half], lift=False)
    until(lambda: candidates(page))
    early = candidates(page)
    assert page.locator(".candidate:enabled").count() == 0
    assert text(page) == ""
    hand.move(points[half:])
    until(lambda: candidates(page) != early)
    hand.lift(points[-1])
    page.locator(CHOSEN).wait_for()
    assert text(page) == page.locator(CHOSEN).inner_text() == candidates(page)[0]
    assert milliseconds(page.locator(".latency").inner_text()) > 0
    assert page.locator("[role=status].unseen").inner_text() == text(page)


def test_a_word_that_was_spelt_without_the_list_is_marked(page: Any) -> None:
    decoder = GestureDecoder.load()
    written = write(page, Hand(page), spelt_out(decoder))
    found = decoder.decode(received(page))
    (spelt,) = (candidate.word for candidate in found if candidate.literal)
    marked = page.locator(".candidate.literal:visible")
    assert marked.all_inner_texts() == [spelt] == [written] == candidates(page)[:1]
    assert marked.get_attribute("title") == "Spelt out: not in the word list"
    assert marked.evaluate("word => getComputedStyle(word).fontStyle") == "italic"
    write(page, Hand(page), synthetic("tomorrow"))
    assert page.locator(".literal, [title^=Spelt]").count() == 0


def test_another_candidate_takes_the_words_place(page: Any) -> None:
    hand = Hand(page)
    first, _ = write(page, hand, synthetic("people")), write(page, hand, synthetic("river"))
    other = candidates(page)[1]
    tap(page, other)
    assert text(page) == f"{first} {other}"
    assert page.locator(CHOSEN).all_inner_texts() == [other]


def test_keys_write_letters_marks_and_spaces_and_backspace_takes_words(page: Any) -> None:
    tap(page, "Capital letter")
    page.locator("[data-letter=h]").tap()
    page.locator("[data-letter=i]").tap()
    word = write(page, Hand(page), synthetic("people"))
    tap(page, "Space")
    assert text(page) == f"Hi {word} "
    tap(page, "Question mark")
    tap(page, "New line")
    page.locator("[data-letter=a]").tap()
    assert text(page) == f"Hi {word}?\na"
    for left in (f"Hi {word}?\n", f"Hi {word}?", "Hi ", ""):
        tap(page, "Delete word")
        assert text(page) == left


def test_a_held_backspace_goes_on(page: Any) -> None:
    page.locator("textarea").fill("one two three four")
    box = page.locator("[data-command=backspace]").bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    until(lambda: text(page) == "")
    page.mouse.up()
    page.locator("textarea").fill("one two")
    tap(page, "Delete word")
    assert text(page) == "one "


def test_a_mouse_writes_too(page: Any) -> None:
    swipe = synthetic("tomorrow")
    assert write(page, Hand(page, "mouse"), swipe) == write(page, Hand(page), swipe)


def test_the_text_can_be_copied(phone: Visit, page: Any) -> None:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    word = write(page, Hand(page), synthetic("coffee"))
    tap(page, "Copy")
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == word


def test_keyboards_and_screen_readers_reach_what_fingers_do(page: Any) -> None:
    write(page, Hand(page), synthetic("people"))
    second = candidates(page)[1]
    page.locator(CHOSEN).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert text(page) == second
    page.locator("[data-letter=x]").evaluate("key => key.click()")  # as a screen reader does
    assert text(page) == f"{second} x"
    page.locator("textarea").focus()
    page.keyboard.type("yz")  # a hardware keyboard
    assert text(page) == f"{second} xyz"
    unnamed = "button, a, input, select, textarea, [role=group], [role=img]"
    names = page.locator(unnamed).evaluate_all(
        "all => all.map(one => one.ariaLabel || one.textContent || one.labels?.[0]?.textContent)"
    )
    assert all(names)


def test_another_layout_is_drawn_and_decoded(page: Any) -> None:
    azerty = load_keyboard("azerty")
    choice = page.get_by_label("Layout")
    try:
        choice.select_option("azerty")
        top = {key: page.locator(f"[data-letter={key}]").bounding_box()["y"] for key in "aq"}
        assert top["a"] < top["q"]
        word = write(page, Hand(page), synthetic("people", layout="azerty"))
        decoder = GestureDecoder.load()
        assert word == decoder.decode(received(page), keyboard=azerty, n=1)[0].word
    finally:
        choice.select_option("qwerty")


def test_light_and_dark(page: Any) -> None:
    def ink_is_light() -> bool:
        colour = page.evaluate("getComputedStyle(document.body).color")
        red = float(colour.partition("(")[2].split(",")[0])
        return red > 128

    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert ink_is_light() == (scheme == "dark")
    tap(page, "Light or dark")
    assert ink_is_light()
    page.emulate_media(color_scheme="dark")
    assert ink_is_light()
    tap(page, "Light or dark")
    assert not ink_is_light()


def test_the_page_fits_the_screen(page: Any) -> None:
    sizes = {"small phone": (320, 568), "on its side": (844, 390), "desktop": (1280, 800)}
    for name, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        overflow = page.evaluate(
            "[document.documentElement.scrollWidth - innerWidth,"
            " document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(overflow) <= 0, name
        keys = page.locator(".key")
        boxes = [keys.nth(at).bounding_box() for at in range(keys.count())]
        assert all(box["y"] + box["height"] <= height + 1 for box in boxes), name
        assert min(box["width"] for box in boxes) >= 28, name


def test_words_do_not_come_as_messages_which_chromium_holds_back_after_a_finger_lifts(
    visit: Callable[..., Visit], demo_url: str
) -> None:
    page = visit(f"{demo_url}icon.svg", **PHONE).page
    page.add_init_script(COUNT_ANSWERS)
    page.goto(demo_url)
    page.locator(READY).wait_for(timeout=90_000)
    before = page.evaluate("answers")
    assert before > 0  # the opening itself
    assert write(page, Hand(page), synthetic("people"))
    assert page.evaluate("answers") == before


def test_the_page_opens_in_seconds(
    chromium: Any, demo_url: str, record_property: Callable[[str, object], None]
) -> None:
    def opening() -> float:
        visit = Visit(chromium, demo_url, **PHONE)
        visit.page.locator(READY).wait_for(timeout=90_000)
        took = visit.page.evaluate("performance.getEntriesByName('ready')[0].duration") / 1000
        visit.context.close()
        return float(took)

    # Under 2 where nothing else runs; other jobs share the cores, so that one that is quick counts.
    took = [opening()]
    while min(took) > 5 and len(took) < 5:
        took.append(opening())
    record_property("seconds until the decoder is there", took)
    assert min(took) <= 5, took


def test_the_keyboard_does_not_wait_for_the_decoder(
    visit: Callable[..., Visit], demo_url: str
) -> None:
    opened = visit(f"{demo_url}icon.svg", **PHONE)
    page, held = opened.page, []
    page.route("**/bundle/encoder.onnx", lambda route: held.append(route))
    page.goto(demo_url)
    page.locator(".board").wait_for(timeout=90_000)
    page.locator("[data-letter=a]").tap()
    assert text(page) == "a"
    Hand(page).swipe(synthetic("people"))
    page.get_by_text("swipes wait for it").wait_for()
    until(lambda: held or page.wait_for_timeout(10), 60)
    held[0].continue_()
    page.locator(CHOSEN).wait_for(timeout=90_000)
    assert text(page) == f"a {page.locator(CHOSEN).inner_text()}"
