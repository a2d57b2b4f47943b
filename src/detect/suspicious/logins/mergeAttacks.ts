import { DAY_MS, MINUTE_MS } from "../../../core/time.js";
import { type AttackSource, type StuffingAttack, type StuffingPart, TARGET_LIMIT } from "./stuffingAttack.js";

/** Attacks with less time between them are one. */
const GAP_MS = 45 * MINUTE_MS;
/** … and those of the same addresses, or on the same accounts, with so much. */
const RECURRING_MS = 7 * DAY_MS;
/** Of the smaller attack's addresses or names, what must be the other's for it to be the same again. */
const SAME_SOURCES = 0.1;
const SAME_TARGETS = 0.5;

/**
 * Joins what several detectors, countries and hours tell of one attack: what overlaps in time is one cause, and the same
 * addresses or accounts again within a week are the same attack, recurring.
 */
export function mergeAttacks(attacks: readonly StuffingAttack[]): StuffingAttack[] {
  const sorted = [...attacks].sort((a, b) => a.startMs - b.startMs || a.origin - b.origin);
  const merged: StuffingAttack[][] = [];
  for (const attack of sorted) {
    const same = merged.filter((parts) => parts.some((part) => isSame(part, attack)));
    for (const parts of same) merged.splice(merged.indexOf(parts), 1);
    merged.push([...same.flat(), attack]);
  }
  return merged.map((parts) => (parts.length === 1 ? parts[0]! : joined(parts)));
}

function isSame(a: StuffingAttack, b: StuffingAttack): boolean {
  const gapMs = Math.max(a.startMs, b.startMs) - Math.min(a.endMs, b.endMs);
  if (gapMs <= GAP_MS) return true;
  if (gapMs > RECURRING_MS) return false;
  return shared(a.sources, b.sources) >= SAME_SOURCES || shared(a.targets, b.targets) >= SAME_TARGETS;
}

/** The share of the smaller set that the larger has, too. */
function shared(
  a: { readonly size: number; has(key: number): boolean; keys(): Iterable<number> },
  b: typeof a,
): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  let both = 0;
  for (const key of small.keys()) if (large.has(key)) both++;
  return both / small.size;
}

function joined(parts: readonly StuffingAttack[]): StuffingAttack {
  const waves = wavesOf(parts);
  const sources = new Map<number, AttackSource>();
  for (const wave of waves) addSources(sources, strongest(wave.flatMap((part) => [...part.sources.values()])));
  const all = <T>(of: (part: StuffingAttack) => Iterable<T>): T[] => parts.flatMap((part) => [...of(part)]);
  return {
    origin: parts.length === 1 ? parts[0]!.origin : -1,
    sources,
    targets: new Set(all((p) => p.targets).slice(0, TARGET_LIMIT)),
    targetNames: new Set(all((p) => p.targetNames).slice(0, TARGET_LIMIT)),
    successes: all((p) => p.successes),
    failures: [...sources.values()].reduce((sum, source) => sum + source.failures, 0),
    expected: parts.reduce((sum, part) => sum + part.expected, 0),
    startMs: Math.min(...parts.map((p) => p.startMs)),
    endMs: Math.max(...parts.map((p) => p.endMs)),
    detectedAtMs: Math.min(...parts.map((p) => p.detectedAtMs)),
    lastWindow: Math.max(...parts.map((p) => p.lastWindow)),
    parts: parts.map(partOf),
    waves: waves.length,
  };
}

/** Parts that overlap, or nearly, side by side. */
function wavesOf(parts: readonly StuffingAttack[]): StuffingAttack[][] {
  const waves: StuffingAttack[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const part of [...parts].sort((a, b) => a.startMs - b.startMs)) {
    if (part.startMs > endMs + GAP_MS) waves.push([]);
    waves.at(-1)!.push(part);
    endMs = Math.max(endMs, part.endMs);
  }
  return waves;
}

/** Each address once: two detectors that watched the same failures counted them twice. */
function strongest(sources: readonly AttackSource[]): AttackSource[] {
  const best = new Map<number, AttackSource>();
  for (const source of sources) {
    const known = best.get(source.key);
    const firstMs = Math.min(source.firstMs, known?.firstMs ?? source.firstMs);
    const most = known === undefined || source.failures > known.failures ? source : known;
    best.set(source.key, { ...most, firstMs });
  }
  return [...best.values()];
}

function addSources(sources: Map<number, AttackSource>, more: readonly AttackSource[]): void {
  for (const source of more) {
    const known = sources.get(source.key);
    if (known === undefined) sources.set(source.key, { ...source });
    else {
      known.failures += source.failures;
      known.lastMs = Math.max(known.lastMs, source.lastMs);
    }
  }
}

const partOf = (attack: StuffingAttack): StuffingPart => ({
  startMs: attack.startMs,
  endMs: attack.endMs,
  origin: attack.origin,
  failures: attack.failures,
  addresses: attack.sources.size,
});
