import type { Finding } from "../../detect/finding.js";
import type { MonitorOptions } from "../monitorOptions.js";
import { ChangeStream } from "./changeStream.js";
import type { FindingChange } from "./findingChange.js";

/** Tells changes of findings to callbacks and iterators. */
export class Teller {
  readonly #options: Pick<MonitorOptions, "onChange" | "onFinding" | "onError">;
  readonly #changes = new ChangeStream<FindingChange>();

  constructor(options: Pick<MonitorOptions, "onChange" | "onFinding" | "onError">) {
    this.#options = options;
  }

  tell(changes: readonly FindingChange[]): void {
    const { onChange, onFinding } = this.#options;
    for (const change of changes) {
      this.#changes.push(change);
      this.#call(onChange, change);
      if (change.change === "opened") this.#call(onFinding, change);
    }
  }

  /** A callback that throws must not keep others from being told. */
  #call(callback: ((change: FindingChange) => void) | undefined, change: FindingChange): void {
    try {
      callback?.(change);
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  findings(): AsyncIterableIterator<Finding> {
    return this.#changes.read(({ change, finding }) => (change === "opened" ? finding : undefined));
  }

  changes(): AsyncIterableIterator<FindingChange> {
    return this.#changes.read((change) => change);
  }

  close(error?: unknown): void {
    this.#changes.close(error);
  }
}
