import { type AddressColumn, IPV4, NO_ADDRESS } from "../../core/addressColumn.js";

/**
 * A number that stands for who holds an address: the address itself for IPv4, the upper 52 bits for IPv6, where one
 * subscriber has a whole /56 or /64. 0 where there is none.
 */
export function addressKey(column: AddressColumn, row: number): number {
  const family = column.family[row];
  if (family === NO_ADDRESS) return 0;
  const value = column.value[row]!;
  if (family === IPV4) return value;
  return column.words[4 * value]! * 1_048_576 + (column.words[4 * value + 1]! >>> 12);
}
