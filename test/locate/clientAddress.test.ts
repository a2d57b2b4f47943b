import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress } from "../../src/locate/address/clientAddress.js";

const PROXIES = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"];

test.each([
  ["no proxy is trusted by default", { peer: "198.51.100.1:4711", forwardedFor: "1.1.1.1" }, "198.51.100.1"],
  [
    "a forged leftmost entry loses",
    { peer: "10.0.0.1", forwardedFor: "6.6.6.6, 203.0.113.9, 10.9.9.9", trusted: PROXIES },
    "203.0.113.9",
  ],
  [
    "several headers are one list",
    { peer: "10.0.0.1", forwardedFor: ["6.6.6.6", "203.0.113.9"], trusted: PROXIES },
    "203.0.113.9",
  ],
  [
    "all trusted: the outermost",
    { peer: "10.0.0.1", forwardedFor: "10.1.1.1, 10.2.2.2", trusted: PROXIES },
    "10.1.1.1",
  ],
  ["ports and brackets", { peer: "10.0.0.1", forwardedFor: "[2a02::1]:80, 192.0.2.7:9", trusted: PROXIES }, "2a02::1"],
  [
    "IPv6 proxies",
    {
      peer: "[2001:db8::5]:443",
      forwardedFor: "2001:DB8:0::1,2001:db8::2",
      trusted: ["2001:db8::2/127", "2001:db8::5"],
    },
    "2001:db8::1",
  ],
  ["mapped peers are IPv4", { peer: "::ffff:10.0.0.1", forwardedFor: "8.8.4.4", trusted: PROXIES }, "8.8.4.4"],
  ["hops", { peer: "10.0.0.1", forwardedFor: "6.6.6.6, 1.2.3.4, 5.6.7.8", trusted: 2 }, "1.2.3.4"],
  ["no hops", { peer: "10.0.0.1", forwardedFor: "6.6.6.6", trusted: 0 }, "10.0.0.1"],
  ["more hops than entries", { peer: "10.0.0.1", forwardedFor: "6.6.6.6", trusted: 9 }, "6.6.6.6"],
  [
    "rubbish ends the walk",
    { peer: "10.0.0.1", forwardedFor: "1.1.1.1, unknown, 10.3.3.3", trusted: PROXIES },
    "10.3.3.3",
  ],
  ["an empty header", { peer: "10.0.0.1", forwardedFor: "", trusted: PROXIES }, "10.0.0.1"],
  ["an empty entry", { peer: "10.0.0.1", forwardedFor: "1.1.1.1,,", trusted: PROXIES }, "1.1.1.1"],
  [
    "Forwarded",
    { peer: "10.0.0.1", forwarded: 'for=6.6.6.6, For="[2a02::9]:4711";proto=https;by=10.0.0.9', trusted: PROXIES },
    "2a02::9",
  ],
  [
    "Forwarded before X-Forwarded-For",
    { peer: "10.0.0.1", forwarded: "for=7.7.7.7", forwardedFor: "8.8.8.8", trusted: PROXIES },
    "7.7.7.7",
  ],
  [
    "Forwarded's obfuscated nodes",
    { peer: "10.0.0.1", forwarded: "for=1.1.1.1, for=_secret", trusted: PROXIES },
    "10.0.0.1",
  ],
  ["Forwarded without for", { peer: "10.0.0.1", forwarded: "for=1.1.1.1, proto=https", trusted: PROXIES }, "10.0.0.1"],
  ["Forwarded with two fors", { peer: "10.0.0.1", forwarded: "for=1.1.1.1;for=2.2.2.2", trusted: PROXIES }, "10.0.0.1"],
  [
    "a comma in quotes",
    { peer: "10.0.0.1", forwarded: 'for=1.1.1.1;host="a,b", for=10.0.0.2', trusted: PROXIES },
    "1.1.1.1",
  ],
  [
    "a quote that never closes",
    { peer: "10.0.0.1", forwarded: 'for=1.1.1.1, for="10.0.0.2', trusted: PROXIES },
    "10.0.0.1",
  ],
  ["escapes in quotes", { peer: "10.0.0.1", forwarded: 'for="1.1.1\\.1"', trusted: PROXIES }, "1.1.1.1"],
  ["no peer", { peer: "unix:", forwardedFor: "1.1.1.1", trusted: PROXIES }, null],
])("%s", (_, input, expected) => expect(clientAddress(input)).toBe(expected));

test("wrong trust is the caller's mistake", () => {
  expect(() => clientAddress({ peer: "1.1.1.1", trusted: ["10.0.0.0/33"] })).toThrow("prefix length");
  expect(() => clientAddress({ peer: "1.1.1.1", trusted: -1 })).toThrow("hops");
});

test("what a client writes in front never changes who it is", () => {
  const entry = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom("10.0.0.1", "unknown", "", '"', "for=", ";", "\\"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), fc.array(entry, { maxLength: 3 }), (forged, real) => {
      // The client's own part ends with the address that the first trusted proxy saw.
      const tail = ["203.0.113.9", ...real.map(() => "10.7.7.7")].join(", ");
      const client = (header: string) => clientAddress({ peer: "10.0.0.1", forwardedFor: header, trusted: PROXIES });
      expect(client([...forged, tail].join(","))).toBe("203.0.113.9");
      const quoted = `for=203.0.113.9${real.map(() => ", for=10.7.7.7").join("")}`;
      const forwarded = clientAddress({ peer: "10.0.0.1", forwarded: [forged.join(","), quoted], trusted: PROXIES });
      expect(forwarded).toBe("203.0.113.9");
    }),
  );
});
