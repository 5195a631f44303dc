/** Light or dark: as the system says, until the user says otherwise. */

import { h, svg } from "./dom";
import { remember, remembered } from "./settings";

const MOON = "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z";

/** A button that turns the page from light to dark and back. */
export function themeButton(): HTMLButtonElement {
  const root = document.documentElement;
  const before = remembered("theme");
  if (before) root.dataset.theme = before;
  const picture = svg(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d: MOON }),
  );
  const label = "Light or dark";
  return h(
    "button",
    {
      type: "button",
      class: "theme",
      "aria-label": label,
      title: label,
      onclick: () => {
        const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
        const next = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
        root.dataset.theme = next;
        remember("theme", next);
      },
    },
    picture,
  );
}
