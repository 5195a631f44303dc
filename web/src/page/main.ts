/** Starts the page: shows the keyboard at once and opens the decoder meanwhile. */

import { openDecoder } from "../decoder";
import { messageOf } from "../decoder/errors";
import { GalleryView } from "./gallery/view";
import { InsideView } from "./inside/view";
import { keepOffline } from "./offline/register";
import { OpeningDecoder } from "./opening";
import { RecordView } from "./record/view";
import { Shell, VIEWS, type ViewName } from "./shell";
import { TypingView } from "./typing/view";
import type { Desk, View } from "./views";
import { restoreWords } from "./words/keeping";
import { WordsView } from "./words/view";

const BUNDLE = "./bundle/";
const MAKERS: Record<ViewName, new (desk: Desk) => View> = {
  type: TypingView,
  inside: InsideView,
  gallery: GalleryView,
  record: RecordView,
  words: WordsView,
};

const shell = new Shell();
void start();

async function start(): Promise<void> {
  let stop = () => {};
  try {
    shell.loading();
    const ready = openDecoder(BUNDLE, { progress: (progress) => shell.progress(progress) });
    const restored = ready.then((decoder) => {
      restoreWords(decoder);
      return decoder;
    });
    restored.catch(() => {}); // heard of below, perhaps later than it happens
    const decoder = await OpeningDecoder.begin(BUNDLE, restored);
    stop = follow({ decoder, announce: (text) => shell.announce(text) });
    performance.measure("open"); // since the navigation began
    await decoder.ready;
    performance.measure("ready");
    keepOffline();
  } catch (error) {
    stop();
    shell.failed(messageOf(error), () => void start());
  } finally {
    shell.progress(null);
  }
}

/** Show what the address says, now and whenever it changes, until told to stop. */
function follow(desk: Desk): () => void {
  const views = new Map<ViewName, View>(); // made when first seen
  let current: View | null = null;
  let going = true;
  const show = async () => {
    const address = location.hash;
    const [name, ...argument] = address.slice(1).split("/");
    const known = name in VIEWS ? (name as ViewName) : "type";
    if (known !== "type") await desk.decoder.ready.catch(() => {});
    if (!going || location.hash !== address) return;
    const view = views.get(known) ?? new MAKERS[known](desk);
    views.set(known, view);
    if (current !== view) current?.hide?.();
    current = view;
    shell.show(known, view.element);
    view.show(argument.join("/"));
  };
  addEventListener("hashchange", show);
  void show();
  return () => {
    going = false;
    removeEventListener("hashchange", show);
  };
}
