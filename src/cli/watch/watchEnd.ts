import { EXIT } from "../exitCodes.js";

/** From the signal to the end it takes no longer than this, whatever hangs. */
const END_MS = 4_500;

/** Tells a service to end: on SIGTERM, and where the command is interrupted. */
export class WatchEnd {
  readonly #controller = new AbortController();
  readonly #end = (): void => {
    setTimeout(() => process.exit(process.exitCode ?? EXIT.done), END_MS).unref();
    this.#controller.abort();
  };

  constructor(interrupt: AbortSignal) {
    process.once("SIGTERM", this.#end);
    interrupt.addEventListener("abort", () => {
      process.exitCode = EXIT.interrupted;
      this.#end();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The service has ended. */
  close(): void {
    process.removeListener("SIGTERM", this.#end);
    if (this.signal.aborted) process.stdin.destroy();
  }
}
