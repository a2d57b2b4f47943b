/** A rectangle of the screen: left, top, right, bottom. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A label's height, and how far from its ring it stands. */
const HEIGHT = 20;
const GAP = 3;
/** How much further off a label may stand where it is crowded. */
const STEPS = [0, 18, 40, 66];

/** Something that wants a label. */
export interface Labelled {
  /** What the label stands beside, and no label may cover. */
  readonly box: Box;
  /** Of the label. */
  readonly width: number;
}

/**
 * Greedy point-feature labelling (after Christensen, Marks and Shieber, 1995): each label, in order, takes the first of
 * eight places around its box, next to it or further off, that lies on the map and touches no box and no label before
 * it; null where none does.
 */
export function placeLabels(labelled: readonly Labelled[], width: number, height: number): (Box | null)[] {
  const taken: Box[] = labelled.map(({ box: [left, top, right, bottom] }) => [
    left + 1,
    top + 1,
    right - 1,
    bottom - 1,
  ]);
  return labelled.map((one) => {
    const free = STEPS.flatMap((step) => candidates(one, GAP + step)).find(
      (box) =>
        box[0] >= 2 &&
        box[1] >= 2 &&
        box[2] <= width - 2 &&
        box[3] <= height - 2 &&
        !taken.some((other) => touches(box, other)),
    );
    if (free) taken.push(free);
    return free ?? null;
  });
}

function candidates({ box, width }: Labelled, gap: number): Box[] {
  const [left, top, right, bottom] = [box[0] - gap, box[1] - gap, box[2] + gap, box[3] + gap];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const at = (from: number, above: number): Box => [from, above, from + width, above + HEIGHT];
  return [
    at(right, y - HEIGHT / 2),
    at(left - width, y - HEIGHT / 2),
    at(x - width / 2, top - HEIGHT),
    at(x - width / 2, bottom),
    at(right, top - HEIGHT / 2),
    at(right, bottom - HEIGHT / 2),
    at(left - width, top - HEIGHT / 2),
    at(left - width, bottom - HEIGHT / 2),
  ];
}

function touches(a: Box, b: Box): boolean {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}
