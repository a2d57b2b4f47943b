import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type AddressColumn, addressText, IPV4, IPV6, ipv4Text } from "../../src/core/addressColumn.js";
import { Random } from "../../src/core/random.js";
import { parseAddress } from "../../src/locate/address/parseAddress.js";
import { AddressParser } from "../../src/locate/address/parseAddresses.js";

/** Family and address of each text, one by one. */
function alone(texts: readonly string[]): string[] {
  const words = new Uint32Array(4);
  return texts.map((text) => {
    const family = parseAddress(text, words);
    const column = { length: 1, family: Uint8Array.of(family), value: words.subarray(family === IPV6 ? 0 : 3), words };
    return `${family} ${addressText({ ...column, value: family === IPV6 ? new Uint32Array(1) : column.value }, 0)}`;
  });
}

function together(parse: (take: (block: AddressColumn, from: number) => void) => void): string[] {
  const found: string[] = [];
  parse((block, from) => {
    expect(from).toBe(found.length);
    for (let row = 0; row < block.length; row++) found.push(`${block.family[row]} ${addressText(block, row)}`);
  });
  return found;
}

function bytesOf(texts: readonly string[]): [Uint8Array, Uint32Array] {
  const offsets = new Uint32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + Buffer.byteLength(text);
  return [Buffer.from(texts.join("")), offsets];
}

/** The same by the kernel and by loops. */
function parsers(): AddressParser[] {
  const kernel = new AddressParser();
  vi.stubGlobal("WebAssembly", undefined);
  try {
    return [kernel, new AddressParser()];
  } finally {
    vi.unstubAllGlobals();
  }
}

const random = new Random(31);
const quad = (): string => ipv4Text(random.int(2 ** 32));

/** A quad with one character replaced, added or left out. */
function broken(): string {
  const text = quad();
  const at = random.int(text.length + 1);
  const character = random.pick([..."0123456789./:;-% aZ٣é", "\0", ""]);
  return text.slice(0, at) + character + text.slice(at + random.int(2));
}

const texts = [
  ...[
    "0.0.0.0",
    "255.255.255.255",
    "1.2.3.4",
    "1.2.3.256",
    "1.2.3.999",
    "01.2.3.4",
    "1.02.3.4",
    "1.2.003.4",
    "1.2.3.00",
  ],
  ...[
    "1.2.3",
    "1.2.3.4.5",
    "1..3.4",
    ".1.2.3",
    "1.2.3.",
    "1.2.3.4 ",
    " 1.2.3.4",
    "1111.2.3.4",
    "1.2.3.4:80",
    "",
    "...",
    ".",
  ],
  ...[
    "::ffff:1.2.3.4",
    "2001:db8::1",
    "[2001:db8::1]:443",
    "fe80::1%eth0",
    "123.123.123.1234",
    "1.2.3.4/24",
    "١.2.3.4",
  ],
];

test("addresses parsed together are those parsed one by one", () => {
  for (const parser of parsers()) {
    expect(together((take) => parser.texts(texts, take))).toEqual(alone(texts));
    expect(together((take) => parser.bytes(...bytesOf(texts), take))).toEqual(alone(texts));
    expect(together((take) => parser.texts([], take))).toEqual([]);
    expect(together((take) => parser.bytes(new Uint8Array(), new Uint32Array(), take))).toEqual([]);
  }
});

test("whatever stands beside them", () => {
  const [kernel] = parsers();
  const one = fc.oneof(
    { weight: 8, arbitrary: fc.constant(0).map(quad) },
    { weight: 2, arbitrary: fc.constant(0).map(broken) },
    { weight: 1, arbitrary: fc.oneof(fc.ipV6(), fc.string({ maxLength: 20 }), fc.constantFrom(...texts)) },
    { weight: 1, arbitrary: fc.nat(200).map((length) => "1".repeat(length)) },
  );
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), (some) => {
      expect(together((take) => kernel!.texts(some, take))).toEqual(alone(some));
      expect(together((take) => kernel!.bytes(...bytesOf(some), take))).toEqual(alone(some));
    }),
    { numRuns: 500 },
  );
});

test("blocks that are full, of short and of long texts", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => (i % 5000 === 4999 ? "2001:db8::1" : quad()));
  const long = Array.from({ length: 5000 }, (_, i) => `2001:db8:1111:2222:3333:4444:5555:${(i + 4096).toString(16)}`);
  for (const parser of parsers()) {
    for (const some of [many, long, [...long, "1".repeat(100_000), ...many]]) {
      expect(together((take) => parser.texts(some, take))).toEqual(alone(some));
      expect(together((take) => parser.bytes(...bytesOf(some), take))).toEqual(alone(some));
    }
  }
});

test("every way to write octets of one to three digits", () => {
  const octets = ["0", "7", "9", "10", "42", "99", "100", "199", "200", "249", "255"];
  const some = octets.flatMap((a) =>
    octets.flatMap((b) => octets.flatMap((c) => octets.map((d) => [a, b, c, d].join(".")))),
  );
  const [kernel] = parsers();
  const found = together((take) => kernel!.texts(some, take));
  expect(found).toEqual(some.map((text) => `${IPV4} ${text}`));
});

test("offsets that descend or lead out of the bytes are refused", () => {
  for (const parser of parsers()) {
    for (const offsets of [
      [0, 8],
      [0, 5, 4, 7],
      [4_294_967_295, 0],
    ]) {
      const parse = (): void => parser.bytes(Buffer.from("1.2.3.4"), Uint32Array.from(offsets), () => {});
      expect(parse).toThrow(expect.objectContaining({ code: "bad-option" }));
    }
  }
});
