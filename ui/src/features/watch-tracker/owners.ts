/** Which tabs live: a tab holds a lock of the browser's for its life. A queue whose lock is free is nobody's. */

const NAME = "stash-sense-native.watching.";
/** Without locks (Stash without https), a queue in which nothing was written for so long is taken for nobody's. */
const SILENCE_MS = 120_000;

/** Hold a tab's lock. Returns how to let it go. */
export async function hold(tab: string): Promise<() => void> {
  const { locks } = navigator;
  if (!locks) return () => undefined;
  return new Promise((resolve) => {
    locks
      .request(NAME + tab, () => new Promise<void>((release) => resolve(() => release())))
      .catch(() => resolve(() => undefined));
  });
}

/** Hold the lock of another tab, if that lives no more; undefined if it does. */
export async function inherit(tab: string, newest_ms: number, now_ms: number): Promise<(() => void) | undefined> {
  const { locks } = navigator;
  if (!locks) return now_ms - newest_ms > SILENCE_MS ? () => undefined : undefined;
  return new Promise((resolve) => {
    locks
      .request(NAME + tab, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(() => release()));
      })
      .catch(() => resolve(undefined));
  });
}
