import fc from "fast-check";
import { expect, test } from "vitest";
import { type AddressColumn, hashAddressesInto, ipv6Text } from "../../src/core/addressColumn.js";
import { hashAddressHigh, hashAddressLow, hashHigh, hashIpv4High, hashIpv4Low, hashLow } from "../../src/core/hash.js";
import { nameColumn, nameText } from "../../src/core/nameColumn.js";

// Test vectors for seed 0 as listed at https://en.wikipedia.org/wiki/MurmurHash.
test.each([
  ["", 0],
  ["test", 0xba6bd213],
  ["Hello, world!", 0xc0363e43],
  ["The quick brown fox jumps over the lazy dog", 0x2e4ff723],
])("hashLow(%j) is MurmurHash3_x86_32", (text, expected) => {
  const encoded = new TextEncoder().encode(text);
  expect(hashLow(encoded, 0, encoded.length)).toBe(expected);
});

test("both halves equal a plain transcription of the published algorithms", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (data, offset) => {
      const padded = new Uint8Array(data.length + 10).fill(0xa5);
      padded.set(data, offset);
      expect(hashLow(padded, offset, offset + data.length)).toBe(murmur3(data));
      expect(hashHigh(padded, offset, offset + data.length)).toBe(murmur2(data));
    }),
  );
});

test("an address is hashed as its sixteen bytes, an IPv4 address as its mapped form", () => {
  fc.assert(
    fc.property(fc.tuple(word(), word(), word(), word()), ([a, b, c, d]) => {
      const block = new Uint8Array(16);
      const view = new DataView(block.buffer);
      [a, b, c, d].forEach((w, i) => {
        view.setUint32(4 * i, w);
      });
      expect(hashAddressLow(a, b, c, d)).toBe(hashLow(block, 0, 16));
      expect(hashAddressHigh(a, b, c, d)).toBe(hashHigh(block, 0, 16));
      expect(hashIpv4Low(d)).toBe(hashAddressLow(0, 0, 0xffff, d));
      expect(hashIpv4High(d)).toBe(hashAddressHigh(0, 0, 0xffff, d));
    }),
  );
});

test("hashAddressesInto leaves rows without an address at zero", () => {
  const column: AddressColumn = {
    length: 3,
    family: Uint8Array.of(4, 0, 6),
    value: Uint32Array.of(0x5102458e, 7, 0),
    words: Uint32Array.of(0x20010db8, 0, 0, 1),
  };
  const low = new Uint32Array(3);
  const high = new Uint32Array(3);
  hashAddressesInto(column, low, high);
  expect([...low]).toEqual([hashIpv4Low(0x5102458e), 0, hashAddressLow(0x20010db8, 0, 0, 1)]);
  expect([...high]).toEqual([hashIpv4High(0x5102458e), 0, hashAddressHigh(0x20010db8, 0, 0, 1)]);
});

test("a name column gives back its names, and equal names have equal hashes", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: "grapheme" }), { nil: undefined })), (names) => {
      const column = nameColumn(names);
      names.forEach((name, row) => {
        expect(nameText(column, row)).toBe(name ?? "");
        expect(column.low[row] === 0 && column.high[row] === 0).toBe(!name);
        const twin = names.indexOf(name);
        expect(column.low[row]).toBe(column.low[twin]);
      });
    }),
  );
});

// RFC 5952, sections 4 and 5.
test.each([
  [[0x20010db8, 0, 0, 1], "2001:db8::1"],
  [[0x20010db8, 0, 0x00010000, 0x00000001], "2001:db8::1:0:0:1"],
  [[0x20010db8, 0x00000001, 0x00010001, 0x00010001], "2001:db8:0:1:1:1:1:1"],
  [[0, 0, 0, 0], "::"],
  [[0, 0, 0xffff, 0xc0000201], "::ffff:192.0.2.1"],
] as const)("ipv6Text(%j)", (words, text) => {
  expect(ipv6Text(words[0], words[1], words[2], words[3])).toBe(text);
});

function word(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 0xffffffff });
}

/** MurmurHash3_x86_32 with seed 0, byte by byte in BigInt: slow and obvious. */
function murmur3(data: Uint8Array): number {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & mask;
  const mix = (k: bigint): bigint => (rotl((k * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  let h = 0n;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) h = (rotl(h ^ mix(little(data, i, 4)), 13n) * 5n + 0xe6546b64n) & mask;
  if (whole < data.length) h ^= mix(little(data, whole, data.length - whole));
  h ^= BigInt(data.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(h ^ (h >> 16n));
}

/** MurmurHash2 (32 bits) with seed 0. */
function murmur2(data: Uint8Array): number {
  const mask = 0xffffffffn;
  const m = 0x5bd1e995n;
  let h = BigInt(data.length);
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    let k = (little(data, i, 4) * m) & mask;
    k = ((k ^ (k >> 24n)) * m) & mask;
    h = ((h * m) & mask) ^ k;
  }
  if (whole < data.length) h = ((h ^ little(data, whole, data.length - whole)) * m) & mask;
  h = ((h ^ (h >> 13n)) * m) & mask;
  return Number(h ^ (h >> 15n));
}

function little(data: Uint8Array, at: number, count: number): bigint {
  let value = 0n;
  for (let k = count - 1; k >= 0; k--) value = (value << 8n) | BigInt(data[at + k]!);
  return value;
}
