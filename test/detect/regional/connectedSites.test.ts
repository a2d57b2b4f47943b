import fc from "fast-check";
import { expect, test } from "vitest";
import { connectedSites } from "../../../src/detect/regional/scan/connectedSites.js";
import { logLikelihoodRatio } from "../../../src/detect/regional/scan/evidence.js";
import type { Discs } from "../../../src/detect/regional/scan/zones.js";

/** Sites on a square grid, each next to the four beside it. */
function grid(size: number): Discs {
  const starts = [0];
  const site: number[] = [];
  const km: number[] = [];
  for (let p = 0; p < size * size; p++) {
    const [x, y] = [p % size, Math.floor(p / size)];
    site.push(p);
    km.push(0);
    for (const [dx, dy] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ] as const) {
      if (x + dx < 0 || x + dx >= size || y + dy < 0 || y + dy >= size) continue;
      site.push(p + dx + size * dy);
      km.push(100);
    }
    starts.push(site.length);
  }
  return {
    starts: Uint32Array.from(starts),
    site: Uint32Array.from(site),
    km: Float32Array.from(km),
    count: site.length,
  };
}

test("a winding line of sites is found, and nothing beside it", () => {
  const line = [0, 1, 2, 12, 22, 32, 33, 34, 35];
  const expected = new Float64Array(100).fill(40);
  const observed = expected.map((e, p) => (line.includes(p) ? 4 : e));
  expect(connectedSites("drop", grid(10), observed, expected)!.sites).toEqual(line);
});

test("any set found is connected, and worth what it is said to be worth", () => {
  const circles = grid(6);
  const counts = fc.array(fc.nat(30), { minLength: 36, maxLength: 36 });
  fc.assert(
    fc.property(counts, (drawn) => {
      const observed = Float64Array.from(drawn);
      const expected = new Float64Array(36).fill(15);
      const found = connectedSites("drop", circles, observed, expected);
      if (found === null) return;
      const reached = new Set([found.sites[0]!]);
      for (const p of reached)
        for (const q of circles.site.subarray(circles.starts[p]!, circles.starts[p + 1]!))
          if (found.sites.includes(q)) reached.add(q);
      expect(reached.size).toBe(found.sites.length);
      const sum = found.sites.reduce((total, p) => total + observed[p]!, 0);
      const ratio = logLikelihoodRatio("drop", sum, 15 * found.sites.length);
      expect(found.score).toBeCloseTo(ratio - found.sites.length * Math.log(12) - Math.log(36), 9);
    }),
  );
});

test("nothing departs, nothing is found", () => {
  const expected = new Float64Array(36).fill(10);
  expect(connectedSites("errors", grid(6), expected, expected)).toBeNull();
});
