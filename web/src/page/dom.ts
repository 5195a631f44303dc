/** Makes elements: one call for the tag, its attributes, its listeners and its children. */

type Listener = (event: never) => void;
type Attributes = Readonly<Record<string, string | number | boolean | Listener | undefined>>;
type Child = Node | string;

/** An HTML element; `onclick: …` listens, `true` sets an empty attribute, `false` sets none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for a part of an SVG picture. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return furnish(made, attributes, children);
}

/** Place an element by fractions of its parent, through the style object: no inline attribute. */
export function place(element: HTMLElement, box: Box): void {
  for (const side of ["left", "top", "width", "height"] as const) {
    element.style[side] = `${(box[side] * 100).toFixed(3)}%`;
  }
}

/** A rectangle; its unit is the owner's affair. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function furnish<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as unknown as EventListener);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children);
  return element;
}
