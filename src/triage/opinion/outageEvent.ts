/** An outage that somebody else saw. */
export interface OutageEvent {
  readonly source: "IODA" | "Cloudflare Radar";
  /** Countries (ISO 3166-1 alpha-2) that it is in; empty where only networks or regions are told. */
  readonly countries: readonly string[];
  /** Names of first-level subdivisions; empty where it is of whole countries or of networks. */
  readonly regions: readonly string[];
  /** The networks that it is confined to; empty where it is of places. */
  readonly networks: readonly OutageNetwork[];
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  /** How it was seen or why it came about: "routing", "active probing", "power outage", "unverified". */
  readonly detail: string;
}

export interface OutageNetwork {
  readonly asn: number;
  /** The empty string where it is not told. */
  readonly name: string;
}

/** What a file of events of others holds. */
export interface OutageEvents {
  /** By start. */
  readonly events: readonly OutageEvent[];
  /** The time that the file is about, epoch milliseconds; null where it does not say. */
  readonly coverage: { readonly fromMs: number; readonly toMs: number } | null;
  /** Entries that are about something else: events that are no outages, places that nobody knows. */
  readonly skipped: number;
}
