import { type Document, isMap, isNode, isScalar, type LineCounter, type Node, type Pair } from "yaml";

/** Keys and indexes from the whole to a part. */
export type PolicyPath = readonly (string | number)[];

/** `routes[2].match.region`. */
export function pathText(path: PolicyPath): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");
}

/** What {@link pathText} made; of a name with dots or brackets in it, only the parts before it are right. */
export function readPath(text: string): PolicyPath {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}

/**
 * The line on which a path's value stands, or its key; of what is not there, the line of the deepest part that is.
 */
export function lineOfPath(document: Document, lines: LineCounter, path: PolicyPath, key: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const node =
      (key && length === path.length ? keyNode(document, path) : null) ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  const root = document.contents as Node | null;
  return root?.range ? lines.linePos(root.range[0]).line : 1;
}

function keyNode(document: Document, path: PolicyPath): Node | null {
  const owner = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(owner)) return null;
  const pair = owner.items.find((item: Pair) => isScalar(item.key) && item.key.value === path.at(-1));
  return pair && isNode(pair.key) ? pair.key : null;
}
