import { MAX_BUCKETS } from "../../cube/build/eventEncoder.js";
import type { CubeParts } from "../../cube/cubeParts.js";
import { cubeError } from "../../cube/errors.js";
import { derivedText } from "../../cube/keys/dimensionSource.js";
import { loggedNetwork, loggedPlace } from "../../read/fields/loggedPlace.js";
import { ROLE } from "../../read/fields/role.js";
import type { EventSql } from "../sql/eventSql.js";
import type { ArrowColumns, ArrowTexts } from "./arrowColumns.js";
import type { ClusterRecords } from "./clusterRecords.js";
import { dimensionValue } from "./dimensionValue.js";
import type { OddClient, OddClients } from "./oddClients.js";

/** The groups of an answer in a cube's own numbers. */
export interface GroupNumbers {
  /** Buckets counted from 1970. */
  readonly bucket: Float64Array;
  readonly place: Uint32Array;
  readonly codes: readonly Uint32Array[];
  /** The client that the library read of each group whose client the server could not; undefined for all others. */
  readonly odd: readonly (OddClient | undefined)[] | undefined;
  /** The groups that are of events: those are not whose odd text is no address after all. */
  readonly kept: Uint32Array;
}

/** Gives the groups of an answer the numbers of a cube: its places, the values of its dimensions. Throws `too-many-buckets`, `too-many-values`. */
export async function groupNumbers(
  answer: ArrowColumns,
  keys: readonly string[],
  events: EventSql,
  parts: CubeParts,
  records: ClusterRecords,
  odds: OddClients,
): Promise<GroupNumbers> {
  const { length } = answer;
  const has = (key: string): boolean => keys.includes(key);
  const none = new Float64Array(length);
  const placeIds = has("place") ? answer.numbers("place") : none;
  const networkIds = has("network") ? answer.numbers("network") : none;
  const oddTexts = has("odd") ? answer.texts("odd_text") : undefined;
  const odd = oddTexts && (await oddOf(oddTexts, odds));
  odd?.forEach((client, g) => {
    if (client === undefined) return;
    placeIds[g] = client.place;
    networkIds[g] = client.network;
  });
  await records.fetchPlaces(placeIds);
  await records.fetchNetworks(networkIds);
  const told = events.told.map(({ role, column }) => ({ role, texts: answer.texts(`${column}_text`) }));
  const rows = Uint32Array.from(placeIds, (id) => records.placeRow(id));
  const networks = Uint32Array.from(networkIds, (id) => records.networkRow(id));
  if (told.length > 0) takeTold(told, rows, networks, records);
  const place = new Uint32Array(length);
  parts.places.rowsOf(records.places, rows, place);
  const codes = parts.dimensions.map((dimension, d) => {
    const column = events.dimensions[d] ?? null;
    if (column === null) {
      const text = derivedText(dimension.name, records.networks);
      return Uint32Array.from(networks, (row) => dimension.code(text(row)));
    }
    const { codes: own, values } = answer.texts(`${column}_text`);
    const mine = Uint32Array.from(values, (value) => dimension.code(dimensionValue(dimension.name, value)));
    return own.map((code) => mine[code]!);
  });
  const isTold = (g: number): boolean => told.some(({ texts }) => texts.values[texts.codes[g]!] !== "");
  const isEvent = (g: number): boolean =>
    oddTexts === undefined || oddTexts.values[oddTexts.codes[g]!] === "" || odd![g] !== undefined || isTold(g);
  const kept = Uint32Array.from({ length }, (_, g) => g).filter(isEvent);
  return { bucket: checkedBuckets(answer.numbers("bucket")), place, codes, odd, kept };
}

async function oddOf({ codes, values }: ArrowTexts, odds: OddClients): Promise<(OddClient | undefined)[]> {
  const known = await odds.read(values);
  return Array.from(codes, (code) => known.get(values[code]!));
}

/** Gives groups without a place of their address the one that their rows tell. */
function takeTold(
  told: readonly { readonly role: number; readonly texts: ArrowTexts }[],
  rows: Uint32Array,
  networks: Uint32Array,
  { places, networks: table }: ClusterRecords,
): void {
  const known = new Map<string, readonly [place: number, network: number]>();
  for (let g = 0; g < rows.length; g++) {
    if (rows[g] !== 0) continue;
    const key = told.map(({ texts }) => texts.codes[g]).join();
    let found = known.get(key);
    if (found === undefined) {
      const own = new Map(told.map(({ role, texts }) => [role, texts.values[texts.codes[g]!]!.trim()]));
      const text = (role: number): string => own.get(role) ?? "";
      const [place, network] = [loggedPlace(text), loggedNetwork(text)];
      found = [place ? places.idOf(place) : 0, network ? table.idOf(network) : 0];
      if ([...own].every(([role, value]) => role === ROLE.client || value === "")) found = [0, -1];
      known.set(key, found);
    }
    rows[g] = found[0];
    if (found[1] >= 0) networks[g] = found[1];
  }
}

function checkedBuckets(buckets: Float64Array): Float64Array {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const bucket of buckets) {
    first = Math.min(first, bucket);
    last = Math.max(last, bucket);
  }
  if (last - first >= MAX_BUCKETS)
    throw cubeError("too-many-buckets", { buckets: last - first + 1, limit: MAX_BUCKETS });
  return buckets;
}
