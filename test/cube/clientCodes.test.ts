import { expect, test } from "vitest";
import { IPV4, IPV6, NO_ADDRESS } from "../../src/core/addressColumn.js";
import { ClientCodes, FIRST_LONG, NO_CLIENT } from "../../src/cube/keys/clientCodes.js";

const LENGTH = 1500;

/** Plain addresses, with another one in a row. */
function columnWith(row: number, value: number, family: number = IPV4) {
  const column = {
    length: LENGTH,
    family: new Uint8Array(LENGTH).fill(IPV4),
    value: Uint32Array.from({ length: LENGTH }, (_, i) => i * 2_654_435_761).map((v) => (v % FIRST_LONG) + 1),
    words: Uint32Array.of(0x20010db8, 0, 0, 1),
  };
  column.family[row] = family;
  column.value[row] = value;
  return column;
}

test.each([1, 0x7fffffff, 0x80000000, 0xe0000000, FIRST_LONG - 1])("%d is its own code", (value) => {
  const column = columnWith(700, value);
  expect(new ClientCodes().codesOf(column)).toBe(column.value);
});

test.each([0, 511, 512, 1499])("an address that is not its own code is found in row %d", (row) => {
  for (const [value, family, code] of [
    [0, IPV4, FIRST_LONG],
    [FIRST_LONG, IPV4, FIRST_LONG],
    [0xffffffff, IPV4, FIRST_LONG],
    [0, IPV6, FIRST_LONG],
    [5, NO_ADDRESS, NO_CLIENT],
  ] as const) {
    const column = columnWith(row, value, family);
    const codes = new ClientCodes().codesOf(column);
    expect(codes).not.toBe(column.value);
    expect(codes[row]).toBe(code);
    expect(codes[(row + 1) % LENGTH]).toBe(column.value[(row + 1) % LENGTH]);
  }
});
