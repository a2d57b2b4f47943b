/**
 * Runs what takes long without a pause, so that Ctrl-C ends it at once: while JavaScript runs, no listener hears the signal,
 * and without one the system ends the process. Nothing may be half written meanwhile.
 */
export function computing<T>(compute: () => T): T {
  const listeners = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  process.removeAllListeners("SIGINT");
  try {
    return compute();
  } finally {
    for (const listener of listeners) process.on("SIGINT", listener);
  }
}
