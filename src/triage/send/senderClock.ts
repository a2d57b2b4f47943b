/** The clock and the timer of a sender: an argument, as everywhere below the command line. */
export interface SenderClock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Calls once, later; returns what calls it off. */
  after(delayMs: number, call: () => void): () => void;
}
