import { Dictionary } from "../../core/dictionary.js";
import { grown } from "../../core/grown.js";
import type { NetworkTable } from "../../core/networks.js";

/**
 * Networks as people speak of them: one unit an autonomous system, or an organization, or a name given by the user,
 * however many rows the table has for it. Unit 0 is "unknown".
 */
export class NetworkUnits {
  /** `AS3320 Deutsche Telekom AG`, `Berlin office`. */
  readonly labels = new Dictionary();
  readonly #known = new WeakMap<NetworkTable, { units: Uint32Array; length: number }>();

  /** Unit of each network id; grows with the table. */
  of(networks: NetworkTable): Uint32Array {
    const known = this.#known.get(networks) ?? { units: new Uint32Array(64), length: 1 };
    if (known.units.length < networks.length) known.units = grown(known.units, 2 * networks.length);
    for (let id = known.length; id < networks.length; id++) known.units[id] = this.labels.code(label(networks, id));
    known.length = networks.length;
    this.#known.set(networks, known);
    return known.units;
  }
}

function label(networks: NetworkTable, id: number): string {
  const { asn, organization, name } = networks.at(id)!;
  if (name !== "") return name;
  if (asn > 0) return organization === "" ? `AS${asn}` : `AS${asn} ${organization}`;
  return organization;
}
