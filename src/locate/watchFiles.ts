import { type Stats, unwatchFile, watchFile } from "node:fs";

/** Milliseconds between looks at a file. Network file systems and containers do not report changes, so we look. */
const INTERVAL_MS = 1000;

/**
 * Calls `changed` when one of the files was replaced or written to. A file that vanishes is not a change; its return is.
 * Does not keep the process alive. Returns the function that ends it.
 */
export function watchFiles(paths: readonly string[], changed: () => void, intervalMs = INTERVAL_MS): () => void {
  let timer: NodeJS.Timeout | undefined;
  const listeners = paths.map((path) => {
    const listener = (now: Stats, before: Stats): void => {
      const isThere = now.mtimeMs !== 0;
      if (!isThere || (now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.size === before.size)) return;
      // Several files of one release change together: wait until none has for a while.
      clearTimeout(timer);
      timer = setTimeout(changed, intervalMs).unref();
    };
    watchFile(path, { interval: intervalMs, persistent: false }, listener);
    return { path, listener };
  });
  return () => {
    clearTimeout(timer);
    for (const { path, listener } of listeners) unwatchFile(path, listener);
  };
}
