import type { Cube } from "../../cube/cube.js";
import { detect } from "../../detect/detect.js";
import type { Finding } from "../../detect/finding.js";
import type { MonitorOptions } from "../monitorOptions.js";

/** Judges regions after each bucket, and puts what it finds in one order with what was found of users and addresses. */
export class RegionalJudge {
  readonly #options: MonitorOptions;
  #buckets = 0;
  #judgedAt = 0;
  #isDue = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Judges one more bucket, in steps. */
  *close(_cube: Cube, _startMs: number): Generator<void, void> {
    this.#buckets++;
    this.#isDue = this.#buckets - this.#judgedAt >= Math.max(1, this.#buckets / 50);
    yield;
  }

  /** What is known now; null where nothing was judged since. @param suspects - what was found of users and addresses */
  findings(cube: Cube, suspects: readonly Finding[]): Finding[] | null {
    if (!this.#isDue) return null;
    return this.settle(cube, suspects);
  }

  /** What is known in the end. */
  settle(cube: Cube, suspects: readonly Finding[]): Finding[] {
    this.#judgedAt = this.#buckets;
    this.#isDue = false;
    const { falseAlarmsPerWeek, minClients, servers } = this.#options;
    return detect(cube, {
      ...(falseAlarmsPerWeek !== undefined && { falseAlarmsPerWeek }),
      ...(minClients !== undefined && { minClients }),
      ...(servers && { servers }),
      found: suspects,
    });
  }
}
