/** Choosing among the layouts that a bundle brings; nothing where it brings one. */

import type { Decoder, Keyboard } from "../../decoder/types";
import { h } from "../dom";
import { remember, remembered } from "../settings";

/** The choice as elements; a choice made before counts from the start. */
export function layoutChoice(
  decoder: Decoder,
  chosen: (keyboard: Keyboard) => void,
): HTMLElement[] {
  const { keyboards } = decoder;
  if (keyboards.length < 2) return [];
  const select = h(
    "select",
    { class: "layout", "aria-label": "Layout" },
    ...keyboards.map(({ name }) => h("option", { value: name }, name)),
  );
  const take = (name: string) => {
    const keyboard = keyboards.find((one) => one.name === name);
    if (!keyboard) return;
    select.value = name;
    decoder.keyboard = keyboard;
    chosen(keyboard);
  };
  take(remembered("layout") ?? decoder.keyboard.name);
  select.addEventListener("change", () => {
    take(select.value);
    remember("layout", select.value);
  });
  return [select];
}
