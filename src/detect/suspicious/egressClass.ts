import type { NetworkTable } from "../../core/networks.js";

/**
 * What a network says about where its users are, in the order in which a network with several tags is judged.
 * Behind all but `direct` a person may be anywhere.
 */
export const EGRESS_CLASSES = ["direct", "own", "relay", "satellite", "vpn", "tor", "hosting", "carrier"] as const;
export type EgressClass = (typeof EGRESS_CLASSES)[number];

const CLASS_OF_TAG: Readonly<Record<string, EgressClass>> = {
  office: "own",
  own: "own",
  relay: "relay",
  satellite: "satellite",
  vpn: "vpn",
  proxy: "vpn",
  "residential-proxy": "vpn",
  anonymous: "vpn",
  tor: "tor",
  hosting: "hosting",
  bot: "hosting",
  carrier: "carrier",
  mobile: "carrier",
  cellular: "carrier",
};

/** Operators of satellite links by autonomous system: the ground station is what an address database knows. */
const SATELLITE_ASNS: ReadonlySet<number> = new Set([6621, 7155, 14593, 22351, 27277, 40306, 40311]);

/** Class codes (places in {@link EGRESS_CLASSES}) by network id; grows with the table. */
export class EgressCodes {
  readonly #known = new WeakMap<NetworkTable, { codes: Uint8Array; length: number }>();

  of(networks: NetworkTable): Uint8Array {
    const known = this.#known.get(networks) ?? { codes: new Uint8Array(64), length: 1 };
    if (known.length === networks.length) return known.codes;
    let codes = known.codes;
    if (codes.length < networks.length) {
      codes = new Uint8Array(2 * networks.length);
      codes.set(known.codes);
    }
    for (let id = known.length; id < networks.length; id++) codes[id] = classCode(networks, id);
    this.#known.set(networks, { codes, length: networks.length });
    return codes;
  }
}

function classCode(networks: NetworkTable, id: number): number {
  const network = networks.at(id)!;
  const found = network.tags.map((tag) => EGRESS_CLASSES.indexOf(CLASS_OF_TAG[tag] ?? "direct")).filter((c) => c > 0);
  if (found.length > 0) return Math.min(...found);
  if (network.name !== "") return EGRESS_CLASSES.indexOf("own");
  return SATELLITE_ASNS.has(network.asn) ? EGRESS_CLASSES.indexOf("satellite") : 0;
}
