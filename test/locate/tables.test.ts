import fc from "fast-check";
import { expect, test } from "vitest";
import { type Prefix, parseNetwork } from "../../src/locate/address/parseNetwork.js";
import { overlay4, overlay6 } from "../../src/locate/ranges/overlay.js";
import { prefixRanges } from "../../src/locate/ranges/prefixRanges.js";
import { buildTable4 } from "../../src/locate/tables/buildTable4.js";
import { buildTable6 } from "../../src/locate/tables/buildTable6.js";
import { findIpv4 } from "../../src/locate/tables/table4.js";
import { findIpv6 } from "../../src/locate/tables/table6.js";
import { TableMemory } from "../../src/locate/tables/tableMemory.js";
import { finished } from "./finished.js";

/** Prefixes that crowd together, so that they nest, touch and divide a /24, a /32 and a /64. */
const prefixOf = (family: 4 | 6): fc.Arbitrary<Prefix> => {
  const width = family === 4 ? 32 : 128;
  const part = fc.oneof(fc.constantFrom(0n, 1n, 255n, 0xffffffffn, 0x20010db8n), fc.bigInt(0n, 0xffffffffn));
  const address = fc.array(part, { minLength: width / 32, maxLength: width / 32 });
  return fc.tuple(address, fc.integer({ min: 0, max: width })).map(([parts, bits]) => {
    const size = 1n << BigInt(width - bits);
    const first = (parts.reduce((sum, one) => (sum << 32n) | one, 0n) / size) * size;
    return { family, first, last: first + size - 1n };
  });
};

/** The id of the longest prefix around an address, of equal ones the last. */
function naive(prefixes: readonly Prefix[], address: bigint): number {
  let best = -1;
  prefixes.forEach(({ first, last }, i) => {
    if (first > address || last < address) return;
    if (best < 0 || last - first <= prefixes[best]!.last - prefixes[best]!.first) best = i;
  });
  return best + 1;
}

const edges = (prefixes: readonly Prefix[], width: bigint): bigint[] =>
  prefixes
    .flatMap(({ first, last }) => [first - 1n, first, first + 1n, last - 1n, last, last + 1n])
    .filter((address) => address >= 0n && address < 1n << width);

const word = (address: bigint, shift: bigint): number => Number((address >> shift) & 0xffffffffn);

test("an IPv6 table gives the longest prefix, at every edge", () => {
  fc.assert(
    fc.property(
      fc.array(prefixOf(6), { maxLength: 12 }),
      fc.array(fc.bigInt(0n, (1n << 128n) - 1n)),
      (prefixes, more) => {
        const { ranges6 } = prefixRanges(prefixes.map((prefix, i) => ({ prefix, id: i + 1 })));
        const table = finished(buildTable6(ranges6, TableMemory.create()));
        for (const a of [...edges(prefixes, 128n), ...more]) {
          expect(findIpv6(table, word(a, 96n), word(a, 64n), word(a, 32n), word(a, 0n))).toBe(naive(prefixes, a));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("an IPv4 table gives the longest prefix, at every edge", () => {
  fc.assert(
    fc.property(
      fc.array(prefixOf(4), { maxLength: 12 }),
      fc.array(fc.bigInt(0n, (1n << 32n) - 1n)),
      (prefixes, more) => {
        const { ranges4 } = prefixRanges(prefixes.map((prefix, i) => ({ prefix, id: i + 1 })));
        const table = finished(buildTable4(ranges4, TableMemory.create()));
        for (const a of [...edges(prefixes, 32n), ...more]) expect(findIpv4(table, Number(a))).toBe(naive(prefixes, a));
      },
    ),
    { numRuns: 30 },
  );
});

test("a crowded /32 is searched by halving and a crowded /24 by scanning", () => {
  const text = (i: number): string => `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::/64`;
  const prefixes6 = Array.from({ length: 5000 }, (_, i) => parseNetwork(text(i)));
  const prefixes4 = Array.from({ length: 256 }, (_, i) => parseNetwork(`192.0.2.${i}`));
  const { ranges4, ranges6 } = prefixRanges([...prefixes4, ...prefixes6].map((prefix, i) => ({ prefix, id: i + 1 })));
  const table4 = finished(buildTable4(ranges4, TableMemory.create()));
  const table6 = finished(buildTable6(ranges6, TableMemory.create()));
  prefixes4.forEach(({ first }, i) => {
    expect(findIpv4(table4, Number(first))).toBe(i + 1);
  });
  prefixes6.forEach(({ first }, i) => {
    expect(findIpv6(table6, word(first, 96n), word(first, 64n), 5, 6)).toBe(257 + i);
  });
  expect(findIpv6(table6, 0x20010db8, 5000 << 16, 0, 0)).toBe(0);
  expect(findIpv4(table4, 0xc0000300)).toBe(0);
});

test("one source over another gives each address both its ids", () => {
  const both = fc.tuple(fc.array(prefixOf(4), { maxLength: 6 }), fc.array(prefixOf(4), { maxLength: 6 }));
  const both6 = fc.tuple(fc.array(prefixOf(6), { maxLength: 6 }), fc.array(prefixOf(6), { maxLength: 6 }));
  const combine = (upper: number, lower: number): number =>
    upper === 0 || lower === 0 ? upper + lower : upper * 100 + lower;
  fc.assert(
    fc.property(both, both6, ([upper, lower], [upper6, lower6]) => {
      const ranges = (prefixes: Prefix[]) => prefixRanges(prefixes.map((prefix, i) => ({ prefix, id: i + 1 })));
      const laid = finished(overlay4(ranges(upper).ranges4, ranges(lower).ranges4, combine));
      for (let i = 0; i < laid.length; i++) {
        const start = BigInt(laid.starts[i]!);
        expect(laid.ids[i]).toBe(combine(naive(upper, start), naive(lower, start)));
      }
      const laid6 = finished(overlay6(ranges(upper6).ranges6, ranges(lower6).ranges6, combine));
      const table = finished(buildTable6(laid6, TableMemory.create()));
      for (const a of edges([...upper6, ...lower6], 128n)) {
        const id = findIpv6(table, word(a, 96n), word(a, 64n), word(a, 32n), word(a, 0n));
        expect(id).toBe(combine(naive(upper6, a), naive(lower6, a)));
      }
    }),
    { numRuns: 200 },
  );
});
