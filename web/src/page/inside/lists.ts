/** Lists beside the picture: what the beam keeps at a frame, and the words with their scores. */

import type { Candidate, Hypothesis, Timings } from "../../decoder/types";
import { h } from "../dom";
import { SPELT_OUT } from "../typing/candidates";

/** The prefixes that the beam keeps, best first; bars show each one's share among them. */
export function beamRows(hypotheses: readonly Hypothesis[]): HTMLElement[] {
  const best = Math.max(...hypotheses.map(({ score }) => score));
  const weights = hypotheses.map(({ score }) => Math.exp(score - best));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return hypotheses.map(({ prefix, word, score }, index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, prefix || "–"),
      h("td", { class: "word" }, word ?? ""),
      h("td", { class: "bar" }, bar(weights[index] / all)),
      h("td", { class: "number" }, score.toFixed(2)),
    ),
  );
}

/** The n-best: word, probability, score. */
export function candidateRows(candidates: readonly Candidate[]): HTMLElement[] {
  return candidates.map(({ word, probability, score, literal }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", ...(literal ? { class: "literal", title: SPELT_OUT } : {}) }, word),
      h("td", { class: "bar" }, bar(probability)),
      h("td", { class: "number" }, `${(probability * 100).toFixed(1)} %`),
      h("td", { class: "number" }, score.toFixed(3)),
    ),
  );
}

/** A table with a head; its name and its rows may change. */
export function table(heads: readonly string[]) {
  const caption = h("caption");
  const body = h("tbody");
  const head = h("tr", {}, ...heads.map((title) => h("th", { scope: "col" }, title)));
  const element = h("table", {}, caption, h("thead", {}, head), body);
  return {
    element,
    call: (name: string) => caption.replaceChildren(name),
    show: (rows: HTMLElement[]) => body.replaceChildren(...rows),
  };
}

/** Where the time went, in one line. */
export function timingText({ features, encode, search, total }: Timings): string {
  const parts = { features, network: encode, search };
  const said = Object.entries(parts).map(([name, took]) => `${name} ${took.toFixed(1)}`);
  return `${total.toFixed(1)} ms in the worker: ${said.join(", ")}`;
}

function bar(share: number): HTMLElement {
  const fill = h("i");
  fill.style.width = `${(share * 100).toFixed(1)}%`;
  return h("span", { class: "track" }, fill);
}
