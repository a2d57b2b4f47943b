import type { SenderClock } from "../../triage/send/senderClock.js";

/** The clock on the wall, and its timers. */
export const wallClock: SenderClock = {
  nowMs: () => Date.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, Math.min(delayMs, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
