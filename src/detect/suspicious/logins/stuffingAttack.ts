import { userKey } from "./loginTallies.js";

/** An address that took part, with what it did. */
export interface AttackSource {
  readonly key: number;
  readonly text: string;
  readonly location: number;
  readonly network: number;
  failures: number;
  successes: number;
  firstMs: number;
  lastMs: number;
}

/** A log-in that went through, from an address that may turn out to be one of the attack's. */
export interface OpenedAccount {
  readonly source: number;
  readonly user: string;
  readonly low: number;
  readonly high: number;
  readonly timeMs: number;
  /** Whether the address is known for log-ins, and the user for being there. */
  readonly familiar: boolean;
}

/** Failed log-ins of one origin over consecutive windows. */
export interface StuffingAttack {
  /** Country code of the origin, or -1 where it comes from everywhere. */
  readonly origin: number;
  readonly sources: Map<number, AttackSource>;
  /** Hashes of the names tried; no more than {@link TARGET_LIMIT}. */
  readonly targets: Set<number>;
  /** Names tried, first come, for the evidence. */
  readonly targetNames: Set<string>;
  readonly successes: OpenedAccount[];
  failures: number;
  expected: number;
  startMs: number;
  endMs: number;
  detectedAtMs: number;
  lastWindow: number;
  /** What it was put together from, where it was; and in how many waves. */
  readonly parts?: readonly StuffingPart[];
  readonly waves?: number;
}

/** A part of an attack: a country, a stretch of time. */
export interface StuffingPart {
  readonly startMs: number;
  readonly endMs: number;
  readonly origin: number;
  readonly failures: number;
  readonly addresses: number;
}

export const TARGET_LIMIT = 100_000;
const MAX_NAMES = 50;
const MAX_SOURCES = 50_000;
const MAX_SUCCESSES = 10_000;

export function newAttack(origin: number, window: number, detectedAtMs: number): StuffingAttack {
  return {
    origin,
    sources: new Map(),
    targets: new Set(),
    targetNames: new Set(),
    successes: [],
    failures: 0,
    expected: 0,
    startMs: Number.POSITIVE_INFINITY,
    endMs: Number.NEGATIVE_INFINITY,
    detectedAtMs,
    lastWindow: window,
  };
}

/** Counts one failed log-in. */
export function addFailure(
  attack: StuffingAttack,
  source: Omit<AttackSource, "failures" | "successes" | "firstMs" | "lastMs">,
  low: number,
  high: number,
  name: string,
  timeMs: number,
): void {
  attack.failures++;
  if (timeMs < attack.startMs) attack.startMs = timeMs;
  if (timeMs > attack.endMs) attack.endMs = timeMs;
  const known = attack.sources.get(source.key);
  if (known !== undefined) {
    known.failures++;
    known.firstMs = Math.min(known.firstMs, timeMs);
    known.lastMs = Math.max(known.lastMs, timeMs);
  } else if (attack.sources.size < MAX_SOURCES) {
    attack.sources.set(source.key, { ...source, failures: 1, successes: 0, firstMs: timeMs, lastMs: timeMs });
  }
  if (low === 0 && high === 0) return;
  if (attack.targets.size < TARGET_LIMIT) attack.targets.add(userKey(low, high));
  if (attack.targetNames.size < MAX_NAMES) attack.targetNames.add(name);
}

/** Keeps a log-in that went through; whether its address is one of the attack's is told at the end. */
export function addSuccess(attack: StuffingAttack, success: OpenedAccount): void {
  if (attack.successes.length < MAX_SUCCESSES) attack.successes.push(success);
}
