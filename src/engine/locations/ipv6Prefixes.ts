import { ipv6Text } from "../../core/addressColumn.js";
import { forEachEntry6 } from "../../locate/ranges/entries6.js";
import type { Table6 } from "../../locate/tables/table6.js";

/**
 * Calls back with prefixes that together hold what an IPv6 table says; none lies within another, and those of id 0 are
 * left out. An entry of a node holds for some neighbouring slots of a byte: as many aligned powers of two as it takes.
 */
export function ipv6Prefixes(table: Table6, visit: (prefix: string, id: number) => void): void {
  forEachEntry6(table, (words, level, from, to, id) => {
    if (id === 0) return;
    for (let slot = from; slot < to; ) {
      let size = slot === 0 ? 256 : slot & -slot;
      while (slot + size > to) size >>= 1;
      visit(`${textOf(words, level, slot)}/${8 * level + 8 - Math.log2(size)}`, id);
      slot += size;
    }
  });
}

function textOf(words: Uint32Array, level: number, slot: number): string {
  const own = Uint32Array.from(words);
  const shift = 24 - 8 * (level & 3);
  own[level >>> 2] = (own[level >>> 2]! | (slot << shift)) >>> 0;
  return ipv6Text(own[0]!, own[1]!, own[2]!, own[3]!);
}
