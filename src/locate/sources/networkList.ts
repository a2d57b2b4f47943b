import { isGeopivotError } from "../../core/errors.js";
import { type Prefix, parseNetwork } from "../address/parseNetwork.js";
import { locateError } from "../errors.js";
import { prefixRanges } from "../ranges/prefixRanges.js";
import { forEachLine } from "./forEachLine.js";
import type { Layer, LayerIndexes } from "./layer.js";

/** A file that lists networks of one kind. */
export interface NetworkList {
  /** Text with a network or an address a line (`#` and `;` begin comments), or CSV with one column of them. */
  readonly path: string;
  /** What the networks are used for: `hosting`, `vpn`, `tor`, `relay`, `bot` … */
  readonly tags: readonly string[];
}

/** A list as a layer, and how many of its lines are no networks. */
export interface NetworkListLayer {
  readonly layer: Layer;
  readonly rejected: number;
}

/** Reads a list. Throws `unreadable-database`, and `unsupported-database` where not one line is a network. */
export async function networkListLayer(
  list: NetworkList,
  indexes: LayerIndexes,
  signal?: AbortSignal,
): Promise<NetworkListLayer> {
  const { path, tags } = list;
  const prefixes: Prefix[] = [];
  let rejected = 0;
  let isFirst = true;
  await forEachLine(
    path,
    (line) => {
      const text = line.replace(/(?:^|\s)[#;].*$/, "").trim();
      if (text === "") return;
      const prefix = networkIn(text);
      if (prefix !== undefined) prefixes.push(prefix);
      else if (!isFirst) rejected++; // the first line may name columns
      isFirst = false;
    },
    signal,
  );
  if (prefixes.length === 0) throw locateError("unsupported-database", { path, reason: "it lists no networks" });
  const id = indexes.pairs.id(0, indexes.networks.id({ asn: 0, organization: "", name: "", tags, reserved: "" }));
  const ranges = prefixRanges(prefixes.map((prefix) => ({ prefix, id })));
  return { layer: { ...ranges, covers4: false, covers6: false }, rejected };
}

/** The first field of a line that is a network. */
function networkIn(line: string): Prefix | undefined {
  for (const field of line.split(/[\s,]+/)) {
    if (!/[.:]/.test(field)) continue;
    try {
      return parseNetwork(field.replace(/^"|"$/g, ""));
    } catch (error) {
      if (!isGeopivotError(error, "bad-network")) throw error;
    }
  }
  return undefined;
}
