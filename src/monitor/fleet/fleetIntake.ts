import type { Cube } from "../../cube/cube.js";
import type { Finding } from "../../detect/finding.js";
import { Watermark } from "../intake/watermark.js";
import type { ReadPart } from "./bucketPart.js";

/** A bucket that all instances have handed over, or that was waited for long enough. */
export interface MergedBucket {
  /** Counted from 1970. */
  readonly number: number;
  readonly parts: readonly { readonly instance: string; readonly cube: Cube }[];
  readonly missing: readonly string[];
  readonly suspects: readonly Finding[];
}

/** An instance that has been silent for so long is no longer one that is missing, in milliseconds. */
const GONE_MS = 7 * 86_400_000;

/** Collects the closed buckets of instances, and gives those back that are complete. */
export class FleetIntake {
  readonly watermark: Watermark;
  readonly #bucketMs: number;
  readonly #parts = new Map<number, Map<string, ReadPart>>();
  readonly #last = new Map<string, number>();
  readonly #suspects = new Map<string, readonly Finding[]>();
  #next: number | undefined;

  /**
   * @param patienceMs - how far an instance may be behind the others before buckets are closed without it
   * @param instances - those that are known beforehand; others become known by what they hand over
   */
  constructor(bucketMs: number, patienceMs: number, instances: readonly string[]) {
    this.#bucketMs = bucketMs;
    this.watermark = new Watermark({ delayMs: 0, idleMs: patienceMs });
    for (const instance of instances) this.#last.set(instance, Number.NEGATIVE_INFINITY);
  }

  /** Takes a part; false for one that came twice, or too late. */
  take(part: ReadPart): boolean {
    const { instance, number } = part;
    const parts = this.#parts.get(number) ?? new Map<string, ReadPart>();
    const isNew = !(this.#next !== undefined && number < this.#next) && !parts.has(instance);
    this.#last.set(instance, Math.max(number, this.#last.get(instance) ?? number));
    this.#suspects.set(instance, part.suspects);
    this.watermark.see(instance, (number + 1) * this.#bucketMs);
    if (!isNew) return false;
    this.#parts.set(number, parts);
    parts.set(instance, part);
    return true;
  }

  /** Whether no more parts are worth waiting for: they are given back whether or not all came. */
  isFinished = false;

  /** The next bucket that is complete; undefined while there is none. */
  next(): MergedBucket | undefined {
    const first = this.#next ?? (this.#parts.size > 0 ? Math.min(...this.#parts.keys()) : undefined);
    if (first === undefined || !this.#isComplete(first)) return undefined;
    this.#next = first + 1;
    const parts = [...(this.#parts.get(first)?.values() ?? [])].sort((a, b) => (a.instance < b.instance ? -1 : 1));
    this.#parts.delete(first);
    const missing = [...this.#last].filter(([instance, last]) => this.#isMissing(instance, last, first, parts));
    return {
      number: first,
      parts: parts.map(({ instance, cube }) => ({ instance, cube })),
      missing: missing.map(([instance]) => instance),
      suspects: this.#found(),
    };
  }

  #isComplete(number: number): boolean {
    if (this.isFinished) return Math.max(...this.#parts.keys(), number - 1) >= number;
    const parts = this.#parts.get(number);
    if ([...this.#last].every(([instance, last]) => parts?.has(instance) || (Number.isFinite(last) && last > number)))
      return true;
    // Where an instance was never heard of, patience is counted from the others' time.
    return (number + 1) * this.#bucketMs <= this.watermark.timeMs && this.#isPatienceOver(number);
  }

  #isPatienceOver(number: number): boolean {
    const silent = [...this.#last.keys()].filter((instance) => !this.#parts.get(number)?.has(instance));
    return silent.every((instance) => this.watermark.isIdle(instance));
  }

  #isMissing(instance: string, last: number, number: number, parts: readonly ReadPart[]): boolean {
    const part = parts.find((one) => one.instance === instance);
    if (part !== undefined) return part.isPartial;
    return !Number.isFinite(last) || (number - last) * this.#bucketMs < GONE_MS;
  }

  #found(): Finding[] {
    const found = new Map<string, Finding>();
    for (const findings of this.#suspects.values()) for (const finding of findings) found.set(finding.id, finding);
    return [...found.values()];
  }
}
