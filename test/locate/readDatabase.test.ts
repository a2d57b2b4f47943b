import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { ArrivingSum } from "../../src/locate/saved/tableFile.js";
import { readDatabase } from "../../src/locate/sources/readDatabase.js";

const MIB = 2 ** 20;
/** What a saved table begins with. */
const MAGIC = Buffer.from("\x89GEOPIVT", "latin1");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "geopivot-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(size: number): [path: string, bytes: Buffer] {
  const random = new Random(size);
  const bytes = Buffer.from(Uint32Array.from({ length: Math.ceil(size / 4) }, () => random.uint32()).buffer, 0, size);
  MAGIC.copy(bytes);
  const path = join(folder, `${size}.bin`);
  writeFileSync(path, bytes);
  return [path, bytes];
}

test.each([1, 31, 32, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 21 * MIB + 5])(
  "all %d bytes arrive in order, and so does their checksum",
  async (size) => {
    const [path, bytes] = fileOf(size);
    const sum = new ArrivingSum();
    let end = 0;
    const room = new Uint8Array(new SharedArrayBuffer(size));
    const read = await readDatabase(path, undefined, {
      ensureCapacity: (length, head) => {
        expect([length, Buffer.compare(head, bytes.subarray(0, 16))]).toEqual([size, 0]);
        return room;
      },
      onRead: (all, from) => {
        expect(from).toBe(end);
        end = all.length;
        expect(Buffer.compare(all.subarray(from), bytes.subarray(from, end))).toBe(0);
        sum.add(all, from);
      },
    });
    expect([end, read.length, read.buffer]).toEqual([size, size, room.buffer]);
    expect(Buffer.compare(read, bytes)).toBe(0);
    if (size > 32) expect(sum.value).toBe(crc32(bytes.subarray(32)));
  },
);

test("reading stops when it is aborted", async () => {
  const [path] = fileOf(30 * MIB);
  const stop = new AbortController();
  const reason = new Error("enough");
  const seen: number[] = [];
  const reading = readDatabase(path, stop.signal, {
    onRead: (all) => {
      seen.push(all.length);
      stop.abort(reason);
    },
  });
  await expect(reading).rejects.toBe(reason);
  expect(seen).toEqual([4 * MIB]);
});

test("a file that ends sooner than it said is what there is", async () => {
  const [path, bytes] = fileOf(6 * MIB);
  const ends: number[] = [];
  const read = await readDatabase(path, undefined, {
    ensureCapacity: (size) => new Uint8Array(size + 7 * MIB),
    onRead: (all) => ends.push(all.length),
  });
  expect(Buffer.compare(read, bytes)).toBe(0);
  expect(ends).toEqual([4 * MIB, 6 * MIB]);
});
