import type { Network } from "../../core/networks.js";
import { withAssumedAccuracy } from "../places/assumedAccuracy.js";
import { type NetworkIndex, NO_NETWORK } from "../places/networkIndex.js";
import { overlay4, overlay6 } from "../ranges/overlay.js";
import type { Layer, LayerIndexes } from "./layer.js";

/**
 * Lays layers over each other, the first on top. An address has the place of the uppermost layer that has one, and of
 * its networks the uppermost number and names and all tags.
 */
export function* mergeLayers(layers: readonly Layer[], indexes: LayerIndexes): Generator<undefined, Layer> {
  const combine = combiner(indexes);
  let fused = layers[0]!;
  for (const lower of layers.slice(1)) {
    const ranges4 = yield* overlay4(fused.ranges4, lower.ranges4, combine);
    const ranges6 = yield* overlay6(fused.ranges6, lower.ranges6, combine);
    fused = { ranges4, ranges6, covers4: fused.covers4 || lower.covers4, covers6: fused.covers6 || lower.covers6 };
  }
  return fused;
}

function combiner(indexes: LayerIndexes): (upper: number, lower: number) => number {
  const { pairs, networks } = indexes;
  return (upper, lower) => {
    const located = pairs.placeOf(upper) || pairs.placeOf(lower);
    const network = merged(networks, pairs.networkOf(upper), pairs.networkOf(lower), located !== 0);
    const { tagBits } = networks.networks;
    const isUseKnown = located !== 0 && tagBits[network] !== 0;
    const place = isUseKnown ? withAssumedAccuracy(indexes, located, networks.networks.at(network)!.tags) : located;
    return pairs.id(place, network);
  };
}

/** The network that two layers together describe. A reason for having no place goes once there is a place. */
function merged(index: NetworkIndex, upper: number, lower: number, placed: boolean): number {
  const a: Network = index.networks.at(upper) ?? NO_NETWORK;
  const b: Network = index.networks.at(lower) ?? NO_NETWORK;
  const reserved = placed ? "" : a.reserved || b.reserved;
  if (lower === 0 && a.reserved === reserved) return upper;
  if (upper === 0 && b.reserved === reserved) return lower;
  // A number and its organization belong together: one layer's are not mixed with another's.
  const owner = a.asn !== 0 || b.asn === 0 ? a : b;
  const organization = owner.organization || (owner === a && a.asn === 0 ? b.organization : "");
  return index.id({ asn: owner.asn, organization, name: a.name || b.name, tags: [...a.tags, ...b.tags], reserved });
}
