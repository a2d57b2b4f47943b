/**
 * Lets Ctrl-C end the process at once: while JavaScript computes, no listener hears the signal, and without one the system
 * ends the process. For times in which nothing is half written; returns what makes the signal be listened to again.
 */
export function withoutInterrupt(): () => void {
  const listeners = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  process.removeAllListeners("SIGINT");
  return () => {
    for (const listener of listeners) process.on("SIGINT", listener);
  };
}

/** Runs what takes long without a pause so that Ctrl-C ends it: see {@link withoutInterrupt}. */
export function computing<T>(compute: () => T): T {
  const listenAgain = withoutInterrupt();
  try {
    return compute();
  } finally {
    listenAgain();
  }
}
