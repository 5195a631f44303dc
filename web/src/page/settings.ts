/** What the browser remembers between visits; a browser that remembers nothing is no error. */

const PREFIX = "glissando.";

/** What was kept under a name, null if nothing was. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null; // storage is switched off
  }
}

/** Keep a text; false where the browser keeps nothing, or has no room left. */
export function remember(name: string, text: string): boolean {
  try {
    localStorage.setItem(PREFIX + name, text);
    return true;
  } catch {
    return false;
  }
}
