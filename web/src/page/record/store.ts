/** Keeps recorded swipes in the browser; where it keeps nothing, until the page closes. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Point } from "../../decoder/types";

/** One recorded swipe. */
export interface Recording {
  id: number;
  word: string;
  sentence: string;
  points: Point[];
  user: string;
  /** Name of the layout, and the size of its letter area in CSS pixels. */
  keyboard: { layout: string; width: number; height: number };
  /** The word that the decoder read, empty if none. */
  read: string;
}

interface Schema extends DBSchema {
  swipes: { key: number; value: Recording };
}

/** The recordings of this browser, in the order of their ids. */
export class RecordingStore {
  private readonly database: IDBPDatabase<Schema> | null;
  private readonly known: Map<number, Recording>;

  private constructor(database: IDBPDatabase<Schema> | null, kept: Recording[]) {
    this.database = database;
    this.known = new Map(kept.map((recording) => [recording.id, recording]));
  }

  /** Open what this browser has kept. */
  static async open(): Promise<RecordingStore> {
    try {
      const database = await openDB<Schema>("glissando", 1, {
        upgrade: (fresh) => void fresh.createObjectStore("swipes", { keyPath: "id" }),
      });
      return new RecordingStore(database, await database.getAll("swipes"));
    } catch {
      return new RecordingStore(null, []);
    }
  }

  /** Whether recordings outlive the page. */
  get lasting(): boolean {
    return this.database !== null;
  }

  /** All recordings, oldest first. */
  all(): Recording[] {
    return [...this.known.values()].sort((a, b) => a.id - b.id);
  }

  /** Keep a swipe under a new id. */
  async add(recording: Omit<Recording, "id">): Promise<Recording> {
    const id = Math.max(0, ...this.known.keys()) + 1;
    return this.put({ ...recording, id });
  }

  /** Keep a swipe in place of the one with its id. */
  async put(recording: Recording): Promise<Recording> {
    await this.database?.put("swipes", recording);
    this.known.set(recording.id, recording);
    return recording;
  }

  async remove(id: number): Promise<void> {
    await this.database?.delete("swipes", id);
    this.known.delete(id);
  }

  async clear(): Promise<void> {
    await this.database?.clear("swipes");
    this.known.clear();
  }
}
