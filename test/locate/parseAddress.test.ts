import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv4Text, ipv6Text } from "../../src/core/addressColumn.js";
import { parseAddress, parseAddressBytes } from "../../src/locate/address/parseAddress.js";

const words = new Uint32Array(4);

function parsed(text: string): string | null {
  const family = parseAddress(text, words);
  const [w0, w1, w2, w3] = words as unknown as [number, number, number, number];
  return family === 0 ? null : family === 4 ? ipv4Text(w3) : ipv6Text(w0, w1, w2, w3);
}

test.each([
  ["81.2.69.142", "81.2.69.142"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["192.0.2.1:443", "192.0.2.1"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::1", "2001:db8::1"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["fe80::1%eth0", "fe80::1"],
  ["fe80::1%25", "fe80::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["[fe80::1%en0]:65535", "fe80::1"],
  ["[::ffff:192.0.2.1]:80", "192.0.2.1"],
])("%s is an address", (text, expected) => expect(parsed(text)).toBe(expected));

test.each([
  ...[
    "",
    " ",
    "-",
    "1",
    "1.2",
    "1.2.3",
    "1.2.3.",
    "1.2.3.4.",
    "1.2.3.4.5",
    ".1.2.3.4",
    "81.2.69.142.7",
    "337.2.69.142",
  ],
  ...[
    "01.2.3.4",
    "1.02.3.4",
    "1.2.3.256",
    "1.2.3.1000",
    "1.2.3.4 ",
    " 1.2.3.4",
    "1.2.3.4\n",
    "1.2.3.4/24",
    "0x1.2.3.4",
  ],
  ...["1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:x", "1.2.3.4:123456", "[1.2.3.4]:80", "[1.2.3.4]", "1.2.3.-4", "１.2.3.4"],
  ...[":", ":::", "1:::2", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8"],
  ...[
    "12345::",
    "g::",
    "::1:",
    ":1::",
    "1:",
    "::1.2.3",
    "::1.2.3.4.5",
    "::1.2.3.256",
    "::01.2.3.4",
    "1:2:3:4:5:6:7:1.2.3.4",
  ],
  ...[
    "fe80::1%",
    "fe80::1%a b",
    "%eth0",
    "fe80:%eth0",
    "1:%2",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1]:",
    "[]",
    "[::1]:99999",
    "::1:1.2.3.4:5",
  ],
  ...["localhost", "unknown", "::ffff:1.2.3.4:80", "1::2::3", "٠.0.0.0"],
])("%j is no address", (text) => expect(parsed(text)).toBeNull());

test("agrees with node:net on which texts are addresses", () => {
  const piece = fc.constantFrom(
    "0",
    "1",
    "9",
    "25",
    "255",
    "256",
    "00",
    "a",
    "F",
    "ffff",
    "12345",
    ".",
    ":",
    "::",
    "%",
    "1.2.3.4",
  );
  const texts = fc.array(piece, { maxLength: 17 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.oneof(texts, fc.ipV4(), fc.ipV6()), (text) => {
      // A port is ours to accept, node knows none; a zone with a colon is node's to accept.
      const bare = /^\d+\.\d+\.\d+\.\d+:\d{1,5}$/.test(text) ? text.slice(0, text.indexOf(":")) : text;
      const accepted = (isIPv4(bare) || isIPv6(bare)) && !/%.*:/.test(text);
      expect(parsed(text) !== null).toBe(accepted && (bare === text || Number(text.slice(bare.length + 1)) <= 65535));
    }),
    { numRuns: 5000 },
  );
});

test("reads back what RFC 5952 text was written", () => {
  const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), fc.nat(0xffffffff));
  fc.assert(
    fc.property(word, word, word, word, (w0, w1, w2, w3) => {
      const family = parseAddress(ipv6Text(w0, w1, w2, w3), words);
      expect([...words]).toEqual([w0, w1, w2, w3]);
      expect(family).toBe(w0 === 0 && w1 === 0 && w2 === 0xffff ? 4 : 6);
      expect(parseAddress(ipv4Text(w3), words)).toBe(4);
      expect([...words]).toEqual([0, 0, 0xffff, w3]);
    }),
  );
});

test("reads exactly the bytes it is told to", () => {
  const line = new TextEncoder().encode('1.2.3.45 - [::1]5 "x"');
  expect(parseAddressBytes(line, 0, 8, words)).toBe(4);
  expect(ipv4Text(words[3]!)).toBe("1.2.3.45");
  expect(parseAddressBytes(line, 0, 7, words)).toBe(4);
  expect(ipv4Text(words[3]!)).toBe("1.2.3.4");
  expect(parseAddressBytes(line, 0, 9, words)).toBe(0);
  expect(parseAddressBytes(line, 11, 16, words)).toBe(6);
  expect(parseAddressBytes(line, 11, 17, words)).toBe(0);
  expect(parseAddressBytes(line, 3, 3, words)).toBe(0);
});
