/** The frame of the page: name, ways to the views, light or dark, and what is said meanwhile. */

import type { Progress } from "../decoder/types";
import { h } from "./dom";
import { themeButton } from "./theme";

/** Every view's address and what it is called. */
export const VIEWS = {
  type: "Type",
  inside: "Inside",
  gallery: "Gallery",
  record: "Record",
  words: "Words",
} as const;
export type ViewName = keyof typeof VIEWS;

/** The frame; views come and go in its middle. */
export class Shell {
  private readonly middle = h("div", { class: "middle" });
  private readonly live = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  private readonly bar = h("progress", { max: 1, hidden: true, "aria-label": "Loading" });
  private readonly links = new Map<string, HTMLAnchorElement>();

  constructor() {
    for (const [name, title] of Object.entries(VIEWS)) {
      this.links.set(name, h("a", { href: `#${name}` }, title));
    }
    const mark = h("img", { src: "./icon.svg", alt: "", width: 26, height: 26 });
    document.body.append(
      h(
        "header",
        {},
        h(
          "a",
          { class: "brand", href: "#type", "aria-label": "Glissando" },
          mark,
          h("b", {}, "Glissando"),
        ),
        h("nav", { "aria-label": "Views" }, ...this.links.values()),
        themeButton(),
      ),
      this.bar,
      this.middle,
      footer(),
      this.live,
    );
  }

  /** Put a view in the middle. */
  show(name: ViewName, element: HTMLElement): void {
    document.title = name === "type" ? "Glissando" : `${VIEWS[name]} · Glissando`;
    for (const [other, link] of this.links) {
      if (other === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.middle.replaceChildren(element);
  }

  /** Have a screen reader say something. */
  announce(text: string): void {
    this.live.textContent = text;
  }

  /** Say that something is on its way. */
  loading(): void {
    this.middle.replaceChildren(h("main", { class: "notice loading" }, h("p", {}, "Loading")));
  }

  /** Show how far the decoder is; null once there is nothing more to show. */
  progress(progress: Progress | null): void {
    this.bar.hidden = !progress;
    if (!progress) return;
    if (progress.stage === "download" && progress.total) {
      this.bar.value = progress.loaded / progress.total;
    } else {
      this.bar.removeAttribute("value"); // setting up takes as long as it takes
    }
  }

  /** Say what went wrong, and offer another try. */
  failed(message: string, retry: () => void): void {
    const again = h("button", { type: "button", class: "loud", onclick: retry }, "Try again");
    const said = h("p", { class: "fault" }, message);
    const title = h("h1", {}, "The decoder did not load");
    this.middle.replaceChildren(h("main", { class: "notice", role: "alert" }, title, said, again));
    again.focus();
  }
}

function footer(): HTMLElement {
  const licences = h("a", { href: "./licences.txt" }, "what it is made of");
  return h(
    "footer",
    {},
    "Glissando runs on your device; no swipe leaves it. Apache-2.0; ",
    licences,
    ".",
  );
}
