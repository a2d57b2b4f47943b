import { readFileSync } from "node:fs";
import { Reader, type Response } from "mmdb-lib";
import { ipv4Text, ipv6Text } from "../../src/core/addressColumn.js";
import { Random } from "../../src/core/random.js";
import { embeddedIpv4 } from "../../src/locate/address/embeddedIpv4.js";
import type { Locator } from "../../src/locate/locator.js";
import { openMmdb } from "../../src/locate/mmdb/openMmdb.js";
import { eachRecord } from "../../src/locate/mmdb/recordIds.js";
import { walkMmdb } from "../../src/locate/mmdb/walkMmdb.js";
import type { Ranges4 } from "../../src/locate/ranges/ranges4.js";
import type { Ranges6 } from "../../src/locate/ranges/ranges6.js";
import { finished } from "./finished.js";

/** A record of the flat layout, which is what the reference answers. */
interface FlatRecord {
  readonly country_code: string;
  readonly state1: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Asks a locator and the reference library for `count` addresses, half of them uniform over the address space, half
 * from the database's ranges (first, last, one before, one after, within); returns the addresses that differ.
 *
 * The reference reads the database from the same file, with its own tree walk, on the text of the address.
 */
export function differences(locator: Locator, path: string, family: 4 | 6, count: number, seed: number): string[] {
  const reader = new Reader<FlatRecord & Response>(readFileSync(path), { cache: new Map() });
  const { ranges4, ranges6 } = finished(
    walkMmdb(
      openMmdb(readFileSync(path), path),
      eachRecord((start) => start),
    ),
  );
  const random = new Random(seed);
  const texts = Array.from({ length: count }, (_, i) =>
    family === 4 ? address4(random, ranges4, i % 2 === 0) : address6(random, ranges6, i % 2 === 0),
  );
  const placeIds = new Uint32Array(count);
  locator.locateAll(texts, placeIds);
  return texts.filter((ip, i) => {
    const place = locator.places.at(placeIds[i]!);
    const record = reader.get(ip);
    if (place === null || record === null) return place !== null || record !== null;
    return !(
      place.country === record.country_code &&
      place.region === record.state1 &&
      place.city === record.city &&
      place.lat === record.latitude &&
      place.lon === record.longitude
    );
  });
}

function address4(random: Random, { starts, length }: Ranges4, uniform: boolean): string {
  if (uniform) return ipv4Text(random.uint32());
  const i = random.int(length);
  const first = starts[i]!;
  const last = (i + 1 < length ? starts[i + 1]! : 2 ** 32) - 1;
  const within = first + random.int(last - first + 1);
  return ipv4Text(random.pick([first, last, first - 1, last + 1, within]) >>> 0);
}

function address6(random: Random, { starts, length }: Ranges6, uniform: boolean): string {
  for (;;) {
    const words = Array.from({ length: 4 }, () => random.uint32());
    // Half of the uniform ones where addresses are given out at all.
    if (uniform && random.next() < 0.5) words[0] = 0x20000000 + random.int(0x0c200000);
    if (!uniform) nearRange(random, starts, random.int(length), words);
    const [w0, w1, w2, w3] = words as [number, number, number, number];
    // What carries an IPv4 address is resolved by that address: tested apart.
    if (embeddedIpv4(w0, w1, w2, w3) < 0 && !(w0 === 0 && w1 === 0 && w2 === 0xffff)) return ipv6Text(w0, w1, w2, w3);
  }
}

/** Overwrites words by an address at, before or shortly after the start of a range, and so at its neighbours' ends. */
function nearRange(random: Random, starts: Uint32Array, i: number, words: number[]): void {
  for (let w = 0; w < 4; w++) if (random.next() < 0.8 || w < 2) words[w] = starts[4 * i + w]!;
  const offset = random.pick([-1, 0, 0, 1]);
  let w = 3;
  words[3] = words[3]! + offset;
  for (; w > 0 && words[w]! < 0; w--) words[w - 1]!--;
  for (let k = 0; k < 4; k++) words[k] = words[k]! >>> 0;
}
