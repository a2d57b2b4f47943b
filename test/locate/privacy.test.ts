import { expect, test } from "vitest";
import { type AddressColumn, addressText } from "../../src/core/addressColumn.js";
import { parseAddress } from "../../src/locate/address/parseAddress.js";
import { pseudonymizeAddresses, truncateAddresses } from "../../src/locate/address/privacy.js";

function column(texts: readonly string[]): AddressColumn {
  const words = new Uint32Array(4 * texts.length);
  const family = new Uint8Array(texts.length);
  const value = texts.map((text, row) => {
    const address = new Uint32Array(4);
    family[row] = parseAddress(text, address);
    words.set(address, 4 * row);
    return family[row] === 4 ? address[3]! : row;
  });
  return { length: texts.length, family, value: Uint32Array.from(value), words };
}

const texts = (addresses: AddressColumn): string[] =>
  Array.from({ length: addresses.length }, (_, row) => addressText(addresses, row));

const COLUMN = column(["81.2.69.142", "2001:db8:1:2:3::4", "none", "81.2.69.142", "::ffff:10.0.0.255"]);

test("truncation keeps /24 and /48, or what it is told", () => {
  expect(texts(truncateAddresses(COLUMN))).toEqual(["81.2.69.0", "2001:db8:1::", "", "81.2.69.0", "10.0.0.0"]);
  const options = { ipv4Bits: 0, ipv6Bits: 70 };
  expect(texts(truncateAddresses(COLUMN, options)).slice(0, 2)).toEqual(["0.0.0.0", "2001:db8:1:2::"]);
  expect(texts(truncateAddresses(COLUMN, { ipv4Bits: 32, ipv6Bits: 128 }))).toEqual(texts(COLUMN));
  expect(() => truncateAddresses(COLUMN, { ipv4Bits: 33 })).toThrow("ipv4Bits must be 0 to 32");
  expect(texts(COLUMN)[0]).toBe("81.2.69.142");
});

test("pseudonyms tell clients apart, hide them, and depend on the key", () => {
  const key = new Uint8Array(16).fill(1);
  const [a, b, none, again, d] = texts(pseudonymizeAddresses(COLUMN, key));
  expect(again).toBe(a);
  expect(none).toBe("");
  expect(new Set([a, b, d]).size).toBe(3);
  for (const pseudonym of [a, b, d]) expect(pseudonym).toMatch(/^fd/);
  expect(texts(pseudonymizeAddresses(COLUMN, new Uint8Array(16).fill(2)))[0]).not.toBe(a);
  // python: hmac.new(b"\x01"*16, bytes(10)+b"\xff\xff"+bytes([81,2,69,142]), "sha256").digest()[:16], first byte fd
  expect(a).toBe("fdab:9d68:5bc4:4471:9f69:93d2:5e59:351b");
  expect(() => pseudonymizeAddresses(COLUMN, new Uint8Array(15))).toThrow("16 bytes");
});
