import type { StateColumn, Stateful, StateVisitor } from "./stateVisitor.js";

/** A piece of state: a column, or a value that JSON can say. */
export type StatePiece =
  | { readonly kind: "sites" | "rows" | "buckets" | "values"; readonly width: number; readonly column: StateColumn }
  | { readonly kind: "value"; readonly value: unknown };

/** A detector's state, taken apart by name. */
export interface DetectorState {
  readonly sites: number;
  /** Buckets, from which number on, that columns of buckets hold. */
  readonly bucketCount: number;
  readonly firstBucket: number;
  readonly pieces: ReadonlyMap<string, StatePiece>;
}

/** The sizes of a detector. */
export type StateShape = Omit<DetectorState, "pieces">;

/** Notes the state of a detector; columns are the detector's own, not copies. */
export function noteState(detector: Stateful, shape: StateShape): DetectorState {
  const pieces = new Map<string, StatePiece>();
  const { sites, bucketCount, firstBucket } = shape;
  detector.visit({
    firstBucket,
    sites: (name, column, width = 1) => pieces.set(name, { kind: "sites", width, column }),
    rows: (name, column) => pieces.set(name, { kind: "rows", width: sites, column }),
    buckets: (name, column, width) =>
      pieces.set(name, { kind: "buckets", width, column: column.subarray(0, bucketCount * width) }),
    values: (name, column) => pieces.set(name, { kind: "values", width: 1, column }),
    number: (name, value) => pieces.set(name, { kind: "value", value: Number.isFinite(value) ? value : null }),
    bucket: (name, value) => pieces.set(name, { kind: "value", value: value + firstBucket }),
    json: (name, value) => pieces.set(name, { kind: "value", value: value() }),
  });
  return { ...shape, pieces };
}

/** Puts a state into a detector that has as many sites or more, and begins at the same bucket or a later one. */
export function putState(detector: Stateful, shape: StateShape, state: DetectorState): void {
  const from = shape.firstBucket - state.firstBucket;
  const columnOf = (name: string): StateColumn | undefined => {
    const piece = state.pieces.get(name);
    return piece === undefined || piece.kind === "value" ? undefined : piece.column;
  };
  const put = (column: StateColumn, values: StateColumn | undefined): void => {
    if (values !== undefined) column.set(values.subarray(0, column.length) as never);
  };
  const value = (name: string): unknown => {
    const piece = state.pieces.get(name);
    return piece?.kind === "value" ? piece.value : undefined;
  };
  const visitor: StateVisitor = {
    firstBucket: shape.firstBucket,
    sites: (name, column) => put(column, columnOf(name)),
    values: (name, column) => put(column, columnOf(name)),
    rows: (name, column) => putRows(column, shape.sites, columnOf(name), state.sites, 0),
    buckets: (name, column, width) => {
      const old = state.pieces.get(name);
      if (old !== undefined && old.kind !== "value") putRows(column, width, old.column, old.width, from);
    },
    number: (name, now, set) => set((value(name) as number | null | undefined) ?? now),
    bucket: (name, now, set) => {
      const absolute = value(name) as number | undefined;
      set(absolute === undefined ? now : absolute - shape.firstBucket);
    },
    json: (name, _, set) => {
      const known = value(name);
      if (known !== undefined) set(known as never);
    },
  };
  detector.visit(visitor);
}

/** Lets go of the first rows of buckets, where they are: those that are left move to the front. */
export function dropBuckets(detector: Stateful, shape: StateShape, count: number): void {
  const known = noteState(detector, shape).pieces;
  const value = (name: string): unknown => {
    const piece = known.get(name);
    return piece?.kind === "value" ? piece.value : undefined;
  };
  const nothing = (): void => {};
  detector.visit({
    firstBucket: shape.firstBucket + count,
    sites: nothing,
    values: nothing,
    rows: nothing,
    number: nothing,
    buckets: (_, column, width) => {
      column.copyWithin(0, count * width, shape.bucketCount * width);
      column.fill(0, (shape.bucketCount - count) * width, shape.bucketCount * width);
    },
    bucket: (_, now, set) => set(now - count),
    json: (name, _, set) => set(value(name) as never),
  });
}

/** Copies rows, from one on, to rows that may be longer. */
function putRows(
  to: StateColumn,
  toWidth: number,
  from: StateColumn | undefined,
  fromWidth: number,
  firstRow: number,
): void {
  if (from === undefined || toWidth === 0 || fromWidth === 0) return;
  const rows = Math.min(Math.floor(from.length / fromWidth) - firstRow, Math.floor(to.length / toWidth));
  for (let row = 0; row < rows; row++) {
    const at = (row + firstRow) * fromWidth;
    to.set(from.subarray(at, at + Math.min(fromWidth, toWidth)) as never, row * toWidth);
  }
}
