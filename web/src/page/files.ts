/** Files out of the page and into it; nothing leaves the device. */

import { h } from "./dom";

/** Have the browser save a text. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A button to choose a text file with; `read` gets what is in it. */
export function fileButton(
  title: string,
  accept: string,
  read: (text: string) => void,
): HTMLElement {
  const input = h("input", {
    type: "file",
    accept,
    class: "unseen",
    tabindex: -1,
    "aria-hidden": "true",
  });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    input.value = ""; // so that the same file may be chosen again
    if (file) read(await file.text());
  });
  const press = () => input.click();
  return h(
    "span",
    {},
    h("button", { type: "button", class: "quiet", onclick: press }, title),
    input,
  );
}
