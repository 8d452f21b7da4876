/**
 * Where events lie from the moment they are made until the plugin has them: in the browser's database, so that a tab that
 * crashes loses none. Where the browser refuses one, in its local storage; where it refuses that too, nowhere.
 */
import * as v from "valibot";
import { type WatchEvent, watchEvent } from "../../schemas/telemetry.ts";

const NAME = "stash-sense-native.watching";
const EVENTS = "events";
const PREFIX = "stash-sense-native.watched.";
/** Set while a database may be there: whoever finds tracking off need not open one to know. */
const MARK = "stash-sense-native.watching.kept";

export interface TabQueue {
  tab: string;
  /** When its newest event was written. */
  newest_ms: number;
}

/** None of these throw: what cannot be kept is lost with the tab, and what cannot be removed is sent twice. */
export interface EventStore {
  /** Keep an event, or what has become of it. On its way to the disk when this returns. */
  put(event: WatchEvent): void;
  remove(events: readonly WatchEvent[]): void;
  tabs(): Promise<TabQueue[]>;
  /** Events of a tab, the oldest first. */
  read(tab: string, most: number): Promise<WatchEvent[]>;
  /** Forget what is older. */
  eraseBefore(at_ms: number): Promise<void>;
  close(): void;
}

export async function openStore(): Promise<EventStore> {
  try {
    const database = await openDatabase();
    mark(true);
    return new DatabaseStore(database);
  } catch {
    return new StorageStore();
  }
}

/** Leave nothing of what was kept. Opens no database; does nothing where none was. */
export async function deleteStore(): Promise<void> {
  try {
    for (const key of storageKeys()) window.localStorage.removeItem(key);
    if (window.localStorage.getItem(MARK) === null) return;
  } catch {
    // Nobody can say whether there is a database: deleting one that is not there costs nothing.
  }
  try {
    await done(window.indexedDB.deleteDatabase(NAME));
    mark(false);
  } catch {
    // Another tab has it open, and deletes it when it ends.
  }
}

function mark(isThere: boolean): void {
  try {
    if (isThere) window.localStorage.setItem(MARK, "yes");
    else window.localStorage.removeItem(MARK);
  } catch {
    // See deleteStore().
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = window.indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(EVENTS, { keyPath: ["tab", "seq"] });
  };
  return done(request);
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const ofTab = (tab: string) => IDBKeyRange.bound([tab], [tab, []]);

class DatabaseStore implements EventStore {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab deletes it: tracking was switched off there.
    database.onversionchange = () => database.close();
  }

  put(event: WatchEvent): void {
    this.#write((events) => events.put(event));
  }

  remove(gone: readonly WatchEvent[]): void {
    this.#write((events) => {
      for (const { tab, seq } of gone) events.delete([tab, seq]);
    });
  }

  async tabs(): Promise<TabQueue[]> {
    const found = new Map<string, number>();
    await this.#walk((cursor) => {
      const { tab, at_ms } = cursor.value as WatchEvent;
      found.set(tab, Math.max(found.get(tab) ?? 0, at_ms));
    }, "readonly");
    return [...found].map(([tab, newest_ms]) => ({ tab, newest_ms }));
  }

  async read(tab: string, most: number): Promise<WatchEvent[]> {
    try {
      const events = this.#database.transaction(EVENTS).objectStore(EVENTS);
      return whole(await done(events.getAll(ofTab(tab), most)));
    } catch {
      return [];
    }
  }

  eraseBefore(at_ms: number): Promise<void> {
    return this.#walk((cursor) => {
      if ((cursor.value as WatchEvent).at_ms <= at_ms) cursor.delete();
    }, "readwrite");
  }

  close(): void {
    this.#database.close();
  }

  #write(change: (events: IDBObjectStore) => void): void {
    try {
      const transaction = this.#database.transaction(EVENTS, "readwrite");
      change(transaction.objectStore(EVENTS));
      // Else it waits for the page's next turn, which a tab that crashes never has.
      transaction.commit?.();
    } catch {
      // It was closed, or the disk is full.
    }
  }

  #walk(visit: (cursor: IDBCursorWithValue) => void, mode: IDBTransactionMode): Promise<void> {
    return new Promise((resolve) => {
      try {
        const request = this.#database.transaction(EVENTS, mode).objectStore(EVENTS).openCursor();
        request.onerror = () => resolve();
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return resolve();
          visit(cursor);
          cursor.continue();
        };
      } catch {
        resolve();
      }
    });
  }
}

/** One entry for each event: an event that goes on is written every second, and its neighbours need not be. */
class StorageStore implements EventStore {
  put(event: WatchEvent): void {
    try {
      window.localStorage.setItem(keyOf(event), JSON.stringify(event));
    } catch {
      // It lives as long as the tab.
    }
  }

  remove(events: readonly WatchEvent[]): void {
    try {
      for (const event of events) window.localStorage.removeItem(keyOf(event));
    } catch {
      // It was never kept.
    }
  }

  async tabs(): Promise<TabQueue[]> {
    const found = new Map<string, number>();
    for (const { tab, at_ms } of stored()) found.set(tab, Math.max(found.get(tab) ?? 0, at_ms));
    return [...found].map(([tab, newest_ms]) => ({ tab, newest_ms }));
  }

  async read(tab: string, most: number): Promise<WatchEvent[]> {
    return stored()
      .filter((event) => event.tab === tab)
      .sort((a, b) => a.seq - b.seq)
      .slice(0, most);
  }

  async eraseBefore(at_ms: number): Promise<void> {
    this.remove(stored().filter((event) => event.at_ms <= at_ms));
  }

  close(): void {}
}

function keyOf({ tab, seq }: WatchEvent): string {
  return `${PREFIX}${tab}.${seq}`;
}

function storageKeys(): string[] {
  return Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX));
}

function stored(): WatchEvent[] {
  try {
    return whole(storageKeys().map((key) => JSON.parse(window.localStorage.getItem(key) ?? "null")));
  } catch {
    return [];
  }
}

/** Those that this version understands; another one may have written here. */
function whole(values: readonly unknown[]): WatchEvent[] {
  return values.flatMap((value) => {
    const parsed = v.safeParse(watchEvent, value);
    return parsed.success ? [parsed.output] : [];
  });
}
