import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkColumns,
  concatColumns,
  makeColumns,
  remapCodes,
  sliceColumns,
  takeColumns,
} from "../../src/core/columns/columns.js";
import { f32, f64, i32, u8, u16, u32 } from "../../src/core/columns/field.js";
import { HashIndex, hashColumns } from "../../src/core/columns/hashIndex.js";
import { fromPacked, type PackedOf, schema } from "../../src/core/columns/schema.js";
import { areEqualRows, copyRow, typedColumns } from "../../src/core/columns/typedColumns.js";

const FIELDS = { name: { ...u16, dictionary: "names" }, lat: f64, kind: u8, far: f32, at: i32, id: u32 } as const;
type Packed = PackedOf<typeof FIELDS>;
class Spots extends schema(FIELDS, (packed?: Packed) => fromPacked(packed)) {}

const shared = (bytes: number) => new SharedArrayBuffer(bytes);
const number = fc.constantFrom(0, -0, 1, 2.5, -7, Number.NaN, 250);
const rows = fc.array(fc.tuple(number, number, number, number, number, number), { maxLength: 40 });

function columnsOf(values: readonly (readonly number[])[]) {
  const columns = makeColumns(FIELDS, values.length);
  for (const [c, column] of Object.values(columns).entries()) column.set(values.map((row) => row[c]!));
  return columns;
}
/** The rows that columns hold, read back plainly. */
const plain = (columns: object): number[][] => {
  const all = Object.values(columns) as ArrayLike<number>[];
  return Array.from({ length: all[0]!.length }, (_, r) => all.map((column) => column[r]!));
};

test("slices, rows taken and tables put together are what arrays of rows give", () => {
  fc.assert(
    fc.property(rows, rows, fc.array(fc.nat(39), { maxLength: 60 }), fc.boolean(), (a, b, picked, isShared) => {
      const allocate = isShared ? shared : undefined;
      const [one, two] = [columnsOf(a), columnsOf(b)];
      expect(plain(concatColumns([one, two], allocate))).toEqual([...plain(one), ...plain(two)]);
      expect(plain(sliceColumns(one, 1, 30, allocate))).toEqual(plain(one).slice(1, 30));
      const at = Uint32Array.from(a.length === 0 ? [] : picked.map((row) => row % a.length));
      const taken = takeColumns(one, at, allocate);
      expect(plain(taken)).toEqual([...at].map((row) => plain(one)[row]));
      expect(taken.lat.buffer instanceof SharedArrayBuffer).toBe(isShared);
    }),
  );
});

test("rows are equal where all columns are, NaN with itself and 0 not with -0, and copies are", () => {
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      const [one, two] = [columnsOf(a), columnsOf(b)];
      const [mine, theirs] = [typedColumns(Object.values(one)), typedColumns(Object.values(two))];
      const [left, right] = [plain(one), plain(two)];
      for (let i = 0; i < a.length; i++)
        for (let j = 0; j < b.length; j++)
          expect(areEqualRows(mine, i, theirs, j)).toBe(left[i]!.every((v, c) => Object.is(v, right[j]![c])));
      if (a.length === 0 || b.length === 0) return;
      copyRow(mine, a.length - 1, theirs, 0);
      expect(areEqualRows(mine, a.length - 1, theirs, 0)).toBe(true);
    }),
  );
});

test("an index finds the row that a map of texts finds, while it grows", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), number, number), { maxLength: 300, size: "max" }), (values) => {
      const keys = makeColumns({ id: u32, lat: f64, far: f32 }, values.length);
      values.forEach(([id, lat, far], r) => {
        keys.id[r] = id;
        keys.lat[r] = lat;
        keys.far[r] = far;
      });
      const hashes = hashColumns(Object.values(keys), values.length);
      const typed = typedColumns(Object.values(keys));
      const [index, known] = [new HashIndex(), new Map<string, number>()];
      for (let row = 0; row < values.length; row++) {
        const text = values[row]!.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join();
        expect(index.find(hashes[row]!, typed, typed, row)).toBe(known.get(text) ?? -1);
        if (known.has(text)) continue;
        index.add(hashes[row]!, row);
        known.set(text, row);
      }
    }),
  );
});

test("a table grows without losing a row, packs to memory that threads share, and begins again with that", () => {
  const spots = new Spots();
  for (let i = 0; i < 1000; i++) {
    const row = spots.addRow();
    spots.name[row] = spots.names.code(`n${i % 7}`);
    spots.lat[row] = i / 3;
  }
  const packed = spots.pack(shared);
  expect(packed.lat.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(checkColumns(FIELDS, packed, 1000, () => spots.names.size)).toBeUndefined();
  const again = new Spots(packed);
  expect(again.length).toBe(1000);
  expect(again.lat).toBe(packed.lat);
  again.append(spots, Uint32Array.of(999, 3, 4, 5));
  expect(again.length).toBe(1004);
  expect(again.lat.slice(999, 1004)).toEqual(Float64Array.of(333, 333, 1, 4 / 3, 5 / 3));
  expect(again.names.value(again.name[1001]!)).toBe("n3");
});

test("a row of which nothing is known holds what the schema says, and so does a column that is declared later", () => {
  const spots = new Spots();
  spots.addUnknown();
  spots.declare("depth", f64);
  spots.declare("owner", { ...u32, dictionary: "owners" });
  expect([spots.lat[0], spots.name[0], spots.column("depth")[0], spots.column("owner")[0]]).toEqual([NaN, 0, NaN, 0]);
  spots.reserve(500);
  expect(spots.column("depth").length).toBe(500);
  expect([...spots.fields.keys()]).toEqual([...Object.keys(FIELDS), "depth", "owner"]);
  expect(spots.dictionaryOf("owner").code("ann")).toBe(1);
});

test("codes change with their dictionary, and what is wrong with columns is said", () => {
  expect(remapCodes(Uint16Array.of(0, 2, 1, 2), [0, 9, 4])).toEqual(Uint16Array.of(0, 4, 9, 4));
  const columns = columnsOf([[3, 0, 0, 0, 0, 0]]);
  expect(checkColumns(FIELDS, columns, 1, () => 3)).toMatch("name has codes of no value");
  expect(checkColumns(FIELDS, columns, 2)).toMatch("1 rows, not 2");
  expect(checkColumns(FIELDS, { ...columns, lat: columns.far }, 1)).toMatch("no column lat");
});
