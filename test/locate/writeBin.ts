/** A row of a BIN file: where its range begins, and the texts and numbers of its columns. */
export interface BinRow {
  readonly from: bigint;
  readonly country: readonly [code: string, name: string];
  readonly region: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
}

/** Writes a BIN file of IP2Location's edition DB5 (country, region, city, coordinates), as its documentation lays it out. */
export function writeBin(rows4: readonly BinRow[], rows6: readonly BinRow[] = []): Buffer {
  const header = Buffer.alloc(64);
  const size4 = 4 * 6;
  const size6 = 16 + 4 * 5;
  const index = Buffer.concat([indexOf(rows4, 16n), ...(rows6.length > 0 ? [indexOf(rows6, 112n)] : [])]);
  const start4 = 64 + index.length;
  const start6 = start4 + size4 * (rows4.length + 1);
  const texts: Buffer[] = [];
  let end = start6 + size6 * (rows6.length + 1);
  const offsets = new Map<string, number>();
  const put = (key: string, bytes: Buffer): number => {
    const known = offsets.get(key);
    if (known !== undefined) return known;
    const at = end;
    offsets.set(key, at);
    texts.push(bytes);
    end += bytes.length;
    return at;
  };
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([Buffer.byteLength(value)]), Buffer.from(value)]);
  const table = (rows: readonly BinRow[], fromBytes: 4 | 16): Buffer => {
    const size = fromBytes + 20;
    const bytes = Buffer.alloc(size * (rows.length + 1));
    const last = (1n << BigInt(8 * fromBytes)) - 1n;
    const putFrom = (value: bigint, at: number): void => {
      for (let i = 0; i < fromBytes; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    };
    rows.forEach((row, i) => {
      const at = i * size;
      putFrom(row.from, at);
      const [code, name] = row.country;
      bytes.writeUInt32LE(put(`c ${code}`, Buffer.concat([text(code), text(name)])), at + fromBytes);
      bytes.writeUInt32LE(put(`t ${row.region}`, text(row.region)), at + fromBytes + 4);
      bytes.writeUInt32LE(put(`t ${row.city}`, text(row.city)), at + fromBytes + 8);
      bytes.writeFloatLE(row.lat, at + fromBytes + 12);
      bytes.writeFloatLE(row.lon, at + fromBytes + 16);
    });
    putFrom(last, rows.length * size);
    return bytes;
  };
  const tables = [table(rows4, 4), table(rows6, 16)];
  header.set([5, 6, 26, 6, 1]);
  header.writeUInt32LE(rows4.length, 5);
  header.writeUInt32LE(start4 + 1, 9);
  header.writeUInt32LE(rows6.length, 13);
  header.writeUInt32LE(rows6.length > 0 ? start6 + 1 : 0, 17);
  header.writeUInt32LE(65, 21);
  header.writeUInt32LE(rows6.length > 0 ? 65 + 8 * 65_536 : 0, 25);
  header[29] = 1;
  header.writeUInt32LE(end, 31);
  return Buffer.concat([header, index, ...tables, ...texts, Buffer.alloc(260)]);
}

/** Of each value of the first 16 bits the first and the last row that may hold its addresses. */
function indexOf(rows: readonly BinRow[], shift: bigint): Buffer {
  const index = Buffer.alloc(8 * 65_536);
  let low = 0;
  for (let top = 0; top < 65_536; top++) {
    const first = BigInt(top) << shift;
    while (low + 1 < rows.length && rows[low + 1]!.from <= first) low++;
    let high = low;
    while (high + 1 < rows.length && rows[high + 1]!.from < first + (1n << shift)) high++;
    index.writeUInt32LE(low, 8 * top);
    index.writeUInt32LE(high, 8 * top + 4);
  }
  return index;
}
