import { statSync } from "node:fs";

/** Milliseconds between looks at a file. Network file systems and containers do not report changes, so we look. */
const INTERVAL_MS = 1000;

/**
 * Calls `changed` when one of the files was replaced or written to since the call, and none has changed for one more
 * interval: files of one release change together, and large ones take a while. A file that vanishes is not a change,
 * its return is. Does not keep the process alive. Returns the function that ends it.
 */
export function watchFiles(paths: readonly string[], changed: () => void, intervalMs = INTERVAL_MS): () => void {
  const states = new Map(paths.map((path) => [path, stateOf(path)]));
  let isDue = false;
  const look = (): void => {
    let isMoving = false;
    for (const [path, before] of states) {
      const now = stateOf(path);
      if (now === undefined || now === before) continue;
      states.set(path, now);
      isMoving = true;
    }
    if (isDue && !isMoving) changed();
    isDue = isMoving;
  };
  const timer = setInterval(look, intervalMs).unref();
  return () => clearInterval(timer);
}

/** What changes when a file does; undefined while it is not there or cannot be looked at. */
function stateOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}
