import type { Cube } from "../../cube/cube.js";
import { groupsByName } from "../../cube/verbs/groupsByName.js";
import { steerError } from "../errors.js";

/** Which of a cube's dimensions tell what. */
export interface GroupOptions {
  /** The cube's dimension that names the server. Default: the one that has most of the servers' names. */
  readonly serverDimension?: string;
  /** The cube's dimension that names the client's network. Default "network" or "asn", where the cube has it. */
  readonly networkDimension?: string;
}

/**
 * Which server each group of a cube was answered by, numbered from 1 in the order of the names; 0 is none of them. Names
 * count whatever their case. Throws `bad-steer-option` where no dimension names servers.
 */
export function groupServers(cube: Cube, names: readonly string[], asked: string | undefined): Uint32Array {
  const found = groupsByName(cube, names, asked);
  if (found !== null) return found.numbers;
  throw steerError("bad-steer-option", {
    option: "serverDimension",
    value: asked ?? "not given",
    expected: `a dimension of the cube whose values are names of servers (it has ${namesOf(cube)})`,
  });
}

/** The network of each group, as numbers of names: "" where the cube does not tell. Throws `bad-steer-option`. */
export function groupNetworks(
  cube: Cube,
  asked: string | undefined,
): { networkOfGroup: Uint32Array; networks: readonly string[] } {
  const names = asked === undefined ? ["network", "asn"] : [asked];
  const at = cube.dimensions.findIndex(({ name }) => names.includes(name));
  if (asked !== undefined && at < 0)
    throw steerError("bad-steer-option", {
      option: "networkDimension",
      value: asked,
      expected: `a dimension of the cube (it has ${namesOf(cube)})`,
    });
  if (at < 0) return { networkOfGroup: new Uint32Array(cube.segment.length), networks: [""] };
  const { dictionary } = cube.dimensions[at]!;
  const networks = Array.from({ length: dictionary.size }, (_, code) => dictionary.value(code));
  return { networkOfGroup: Uint32Array.from(cube.segment.codes[at]!), networks };
}

function namesOf({ dimensions }: Cube): string {
  return dimensions.map(({ name }) => name).join(", ") || "none";
}
