import type { Step } from "./liveChain.js";

/** Works off what is due, a step at a time, between which the host's own work has its turn. */
export class StepRunner {
  readonly #work: () => Iterable<Step>;
  readonly #onError: (error: unknown) => void;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #isAsked = false;
  error: unknown;

  /** @param work - the steps that are due */
  constructor(work: () => Iterable<Step>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  /** Says that something may be due. */
  start(): void {
    this.#isAsked = true;
    if (this.#running !== undefined || this.error !== undefined || this.#isStopped) return;
    this.#running = this.#run()
      .catch((error: unknown) => {
        this.error = error;
        this.#onError(error);
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #run(): Promise<void> {
    while (this.#isAsked) {
      this.#isAsked = false;
      await nextTurn();
      if (this.#isStopped) return;
      for (const step of this.#work()) {
        await (step ?? nextTurn());
        if (this.#isStopped) return;
      }
    }
  }

  /** Resolves once nothing is due. Rejects with what broke the work. */
  async idle(): Promise<void> {
    this.start();
    await this.#running;
    if (this.error !== undefined) throw this.error;
  }

  /** Ends the work after the step that is being done; resolves then. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
