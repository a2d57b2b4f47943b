import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { departure, type EvidenceKind, matters } from "../../../src/detect/regional/scan/evidence.js";
import { membersOf, type Noise, ScanStatistic } from "../../../src/detect/regional/scan/scanStatistic.js";
import { WindowSums } from "../../../src/detect/regional/scan/windowSums.js";
import { zonesOf } from "../../../src/detect/regional/scan/zones.js";
import type { Sites } from "../../../src/detect/regional/series/trafficColumns.js";
import { Dispersion } from "../../../src/detect/regional/signals/dispersion.js";

const SITES = 60;
const BUCKETS = 24;
const LENGTHS = [1, 2, 4, 8];

function sites(random: Random): Sites {
  const codes = (n: number) => Uint32Array.from({ length: SITES }, () => random.int(n));
  return {
    length: SITES,
    country: codes(5),
    region: codes(12),
    city: codes(40),
    lat: Float64Array.from({ length: SITES }, () => 45 + 8 * random.next()),
    lon: Float64Array.from({ length: SITES }, () => 8 * random.next()),
    countries: ["", "A", "B", "C", "D"],
    regions: [],
    cities: [],
    splits: [{ name: "pop", codes: codes(4), values: ["", "x", "y", "z"] }],
  };
}

/** Random counts, some of them masked, with a zone that departs now and then. */
function rows(kind: EvidenceKind, random: Random) {
  const observed = new Float32Array(SITES * BUCKETS);
  const expected = new Float32Array(SITES * BUCKETS);
  const masked = new Uint8Array(SITES * BUCKETS);
  const maskedBuckets = new Uint8Array(BUCKETS);
  for (let i = 0; i < observed.length; i++) {
    const odd = i % SITES < 8 && Math.floor(i / SITES) % 7 > 3;
    expected[i] = random.next() < 0.2 ? 0 : 3 * random.exponential();
    if (kind === "latency") observed[i] = Math.sqrt(expected[i]!) * random.normal() + (odd ? expected[i]! : 0);
    else observed[i] = random.poisson(expected[i]! * (odd ? (kind === "drop" ? 0.2 : 3) : 1));
    if (random.next() < 0.01) {
      masked[i] = 1;
      maskedBuckets[Math.floor(i / SITES)] = 1;
    }
  }
  return { observed, expected, masked, maskedBuckets };
}

test("sums of windows are those of their buckets, added one by one, masked ones left out", () => {
  const random = new Random(11);
  const { observed, expected, masked, maskedBuckets } = rows("drop", random);
  const sums = new WindowSums(LENGTHS, SITES);
  for (let t = 0; t < BUCKETS; t++) {
    sums.advance(t, observed, expected, masked, maskedBuckets);
    LENGTHS.forEach((length, w) => {
      for (let p = 0; p < SITES; p++) {
        let [o, e] = [0, 0];
        for (let at = Math.max(0, t - length + 1); at <= t; at++) {
          if (masked[at * SITES + p] !== 0) continue;
          o += observed[at * SITES + p]!;
          e += expected[at * SITES + p]!;
        }
        expect(sums.observed[w]![p]).toBe(o);
        expect(sums.expected[w]![p]).toBeCloseTo(e, 9);
      }
    });
  }
});

/** The furthest departure of any zone of a kind, every zone looked at. */
function furthest(
  kind: EvidenceKind,
  zones: ReturnType<typeof zonesOf>,
  partition: number,
  sums: WindowSums,
  w: number,
) {
  const [o, e] = [sums.observed[w]!, sums.expected[w]!];
  let best = 2.5;
  let found: number[] = [];
  for (let zone = 0; zone < zones.partitions[partition]!.count; zone++) {
    const members = membersOf(zones, { partition, zone, reach: 0 }).filter((p) => e[p]! > 0);
    const sum = (values: Float64Array) => members.reduce((total, p) => total + values[p]!, 0);
    if ((kind === "errors" ? sum(o) : sum(e)) < 4 || !matters(kind, sum(o), sum(e))) continue;
    const d = departure(kind, sum(o), sum(e), 0.4 * sum(e) + 0.02 * sum(e) ** 2);
    if (d > best) [best, found] = [d, members];
  }
  return found;
}

test.each<EvidenceKind>(["drop", "errors", "latency"])(
  "%s: the scan finds what looking at every zone finds",
  (kind) => {
    let found = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const random = new Random(seed);
      const all = zonesOf(sites(random));
      // One partition at a time, so that each kind of zone has to be found.
      const partition = seed % all.partitions.length;
      const none = { starts: new Uint32Array(SITES + 1), site: new Uint32Array(0), km: new Float32Array(0), count: 1 };
      const zones = { partitions: [all.partitions[partition]!], circles: none };
      const { observed, expected, masked, maskedBuckets } = rows(kind, random);
      const sums = new WindowSums(LENGTHS.slice(0, 1), SITES);
      const scan = new ScanStatistic(kind, zones, 4);
      const noise: Noise = {
        spread: [{ extra: (e) => 0.4 * e + 0.02 * e * e }],
        own: new Float64Array(SITES),
        shared: new Float64Array(SITES),
      };
      for (let t = 0; t < BUCKETS; t++) {
        sums.advance(t, observed, expected, masked, maskedBuckets);
        const candidate = scan.best(t, sums, noise, 0);
        const members = candidate === null ? [] : membersOf(zones, candidate).filter((p) => sums.expected[0]![p]! > 0);
        expect(members).toEqual(furthest(kind, zones, 0, sums, 0));
        if (members.length > 0) found++;
      }
    }
    expect(found).toBeGreaterThan(30);
  },
);

test.each<EvidenceKind>(["drop", "errors", "latency"])("%s: a floor hides nothing that lies above it", (kind) => {
  let found = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const random = new Random(seed);
    const zones = zonesOf(sites(random));
    const { observed, expected, masked, maskedBuckets } = rows(kind, random);
    const sums = new WindowSums(LENGTHS, SITES);
    const scan = new ScanStatistic(kind, zones, 4);
    const flat = { extra: (e: number) => 0.4 * e };
    const own = new Float64Array(SITES);
    const noise: Noise = { spread: LENGTHS.map(() => flat), own, shared: own };
    for (let t = 0; t < BUCKETS; t++) {
      sums.advance(t, observed, expected, masked, maskedBuckets);
      const all = scan.best(t, sums, noise, 0);
      if (all === null || all.negLogP < 0.5) continue;
      expect(scan.best(t, sums, noise, 0, all.negLogP - 0.01)).toEqual(all);
      found++;
    }
  }
  expect(found).toBeGreaterThan(30);
});

test.each<EvidenceKind>(["drop", "errors", "latency"])("%s: the kernel does what the plain loops do", (kind) => {
  let found = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const zones = zonesOf(sites(random));
    const { observed, expected, masked, maskedBuckets } = rows(kind, random);
    const plain = new ScanStatistic(kind, zones, 4);
    const scan = new ScanStatistic(kind, zones, 4, undefined, LENGTHS);
    const sides = [
      { scan: plain, sums: plain.windowSums(LENGTHS), dispersion: LENGTHS.map(() => new Dispersion(kind)) },
      { scan, sums: scan.windowSums(LENGTHS), dispersion: LENGTHS.map(() => new Dispersion(kind)) },
    ];
    const own = new Float64Array(SITES).fill(0.01);
    for (let t = 0; t < BUCKETS; t++) {
      const odd = random.int(SITES);
      for (let at = Math.max(0, t - 3); at <= t + 1 && at < BUCKETS; at++) {
        masked[at * SITES + odd] = 1;
        maskedBuckets[at] = 1;
      }
      const told = sides.map(({ scan, sums, dispersion }) => {
        sums.advance(t, observed, expected, masked, maskedBuckets);
        sums.refresh(odd, t, observed, expected, masked);
        for (let w = 0; w < LENGTHS.length; w++) scan.learn(w, sums, dispersion[w]!);
        const noise: Noise = { spread: dispersion.map((d) => d.spread()), own, shared: own };
        return {
          best: scan.best(t, sums, noise, 0),
          extra: noise.spread.map(({ extra }) => [0.2, 3, 50].map(extra)),
          observed: sums.observed.map((column) => [...column]),
          expected: sums.expected.map((column) => [...column]),
        };
      });
      expect(told[1]).toEqual(told[0]);
      if (told[0]!.best !== null) found++;
    }
  }
  expect(found).toBeGreaterThan(30);
});

test("a kernel that goes on from sums made elsewhere goes on as they do", () => {
  const random = new Random(3);
  const zones = zonesOf(sites(random));
  const { observed, expected, masked, maskedBuckets } = rows("drop", random);
  const [first, second] = [0, 1].map(() =>
    new ScanStatistic("drop", zones, 4, undefined, LENGTHS).windowSums(LENGTHS),
  ) as [WindowSums, WindowSums];
  for (let t = 0; t < BUCKETS; t++) {
    first.advance(t, observed, expected, masked, maskedBuckets);
    if (t < 12) continue;
    if (t === 12) {
      first.observed.forEach((column, w) => {
        second.observed[w]!.set(column);
        second.expected[w]!.set(first.expected[w]!);
      });
    } else second.advance(t, observed, expected, masked, maskedBuckets);
    expect(second.observed).toEqual(first.observed);
    expect(second.expected).toEqual(first.expected);
  }
});
