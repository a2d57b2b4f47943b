import type { Events } from "../../core/events.js";
import type { NetworkTable } from "../../core/networks.js";
import type { Keys } from "./unseenKeys.js";

/** What the values of a dimension are made of: a small integer an event. */
export interface DimensionSource {
  /** Whether the keys are codes of the events' own dimension, statuses, or network ids. */
  readonly kind: "value" | "status" | "network";
  readonly keys: Keys;
  /** What the keys mean something in. */
  readonly owner: object;
  /** Every key is below it. */
  readonly size: number;
  readonly text: (key: number) => string;
}

/** Where events have the values of a dimension; null if they have none. */
export function dimensionSource(name: string, events: Events): DimensionSource | null {
  const own = events.dimensions.get(name);
  if (own !== undefined) {
    const { codes, dictionary } = own;
    const text = (code: number) => dictionary.value(code);
    return { kind: "value", keys: codes, owner: dictionary, size: dictionary.size, text };
  }
  const ofStatus = statusText(name);
  if (ofStatus !== null)
    return { kind: "status", keys: events.status, owner: ofStatus, size: STATUSES, text: ofStatus };
  const { networks, network } = events;
  const ofNetwork = networkText(name, networks);
  if (ofNetwork === null) return null;
  return { kind: "network", keys: network, owner: networks, size: networks.length, text: ofNetwork };
}

/** What a status or the id of a network stands for in a dimension. */
export function derivedText(name: string, networks: NetworkTable): (key: number) => string {
  return statusText(name) ?? networkText(name, networks) ?? (() => "");
}

/** Statuses are 16-bit integers. */
export const STATUSES = 65_536;

const status = (code: number): string => (code === 0 ? "" : String(code));
const statusClass = (code: number): string => (code === 0 ? "" : `${Math.floor(code / 100)}xx`);

function statusText(name: string): ((code: number) => string) | null {
  return name === "status" ? status : name === "status_class" ? statusClass : null;
}

function networkText(name: string, networks: NetworkTable): ((id: number) => string) | null {
  if (name === "asn") return (id) => (networks.asn[id] ? String(networks.asn[id]) : "");
  if (name === "organization") return (id) => networks.organizations.value(networks.organization[id]!);
  if (name === "network") return (id) => networks.names.value(networks.name[id]!);
  if (name === "tag") return (id) => networks.at(id)?.tags.join(",") ?? "";
  return null;
}
