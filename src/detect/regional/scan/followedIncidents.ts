import type { StateVisitor } from "../live/stateVisitor.js";
import type { Traffic } from "../series/trafficColumns.js";
import type { Incident } from "./incident.js";
import { FOLLOW_MS, type IncidentOutline, maskedSites, type OutlineSeed, type ScanRows } from "./incidentOutline.js";
import type { Noise } from "./scanStatistic.js";

/** Marks of incidents that are followed: odd, as 1 is, the mark of those that are not; so many at once. */
const FIRST_MARK = 3;
const LAST_MARK = 255;
const SETTLED = 1;
/** An outline is drawn anew when an incident is by this share older than when it was drawn last. */
const REDRAW = 0.2;

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Followed {
  readonly incident: Incident;
  readonly seed: OutlineSeed;
  readonly mark: number;
  /** What is masked. */
  sites: readonly number[];
  span: Span;
  /** The bucket at which it is drawn anew. */
  drawAt: number;
}

/** A followed incident as JSON says it, its buckets counted from 1970. */
interface FollowedState extends Omit<Followed, "incident"> {
  readonly incident: number;
}

/**
 * Incidents whose end is not known yet. Where a log is judged as a whole, an incident's outline rests on all that followed it;
 * live, it is drawn again and again as buckets come, ever more seldom as it changes less.
 */
export class FollowedIncidents {
  readonly #outline: IncidentOutline;
  readonly #rows: ScanRows;
  readonly #traffic: Traffic;
  readonly #ahead: number;
  #followed: Followed[] = [];

  constructor(outline: IncidentOutline, rows: ScanRows, traffic: Traffic) {
    this.#outline = outline;
    this.#rows = rows;
    this.#traffic = traffic;
    this.#ahead = Math.round(FOLLOW_MS / traffic.bucketMs);
  }

  get length(): number {
    return this.#followed.length;
  }

  /** Follows an incident; returns the mark by which to mask sites and buckets; undefined where too many are followed. */
  add(incident: Incident, seed: OutlineSeed, sites: readonly number[], span: Span): number | undefined {
    const used = new Set(this.#followed.map(({ mark }) => mark));
    let mark = FIRST_MARK;
    while (used.has(mark)) mark += 2;
    if (mark > LAST_MARK) return undefined;
    const last = this.#traffic.bucketCount - 1;
    const clipped = { from: Math.max(0, span.from), to: Math.min(last, span.to) };
    this.#followed.push({ incident, seed, mark, sites, span: clipped, drawAt: incident.detected + 1 });
    return mark;
  }

  /**
   * Draws incidents anew with what bucket `t` tells of them; returns the sites of which other buckets count now.
   *
   * @param firstOf - the first bucket that can belong to an incident, by its bucket of detection
   */
  update(t: number, firstOf: (detected: number) => number, noise: Noise): Set<number> {
    const changed = new Set<number>();
    for (const one of this.#followed) {
      if (t >= one.drawAt) this.#draw(one, t, firstOf(one.incident.detected), noise);
      else if (one.incident.to >= t - 2) this.#extend(one, t, firstOf(one.incident.detected));
      else continue;
      this.#remask(one, changed);
    }
    const isOver = ({ incident }: Followed): boolean => t - Math.max(incident.to, incident.detected) >= this.#ahead;
    for (const one of this.#followed) if (isOver(one)) this.#write(one, one.mark, SETTLED);
    this.#followed = this.#followed.filter((one) => !isOver(one));
    return changed;
  }

  #draw(one: Followed, t: number, first: number, noise: Noise): void {
    const { incident, seed, mark } = one;
    const drawn = this.#outline.of({ ...seed, mark }, t, first, noise, () => {});
    Object.assign(incident, drawn);
    one.drawAt = t + Math.max(1, Math.floor(REDRAW * (t - incident.detected)));
  }

  #extend({ incident, mark }: Followed, t: number, first: number): void {
    const { zone, from, to } = incident;
    const extent = this.#outline.extent(zone.sites, first, t, Math.max(first, from), to, mark);
    [incident.from, incident.to] = [extent.from, extent.to];
  }

  #remask(one: Followed, changed: Set<number>): void {
    const { incident, seed } = one;
    const last = this.#traffic.bucketCount - 1;
    const sites = maskedSites(seed, incident.zone);
    const from = Math.max(0, Math.min(incident.from - 1, seed.from));
    const span = { from, to: Math.min(last, Math.max(incident.to + 1, incident.detected)) };
    this.#write(one, one.mark, 0);
    for (const site of one.sites) changed.add(site);
    for (const site of sites) changed.add(site);
    [one.sites, one.span] = [sites, span];
    this.#write(one, 0, one.mark);
  }

  /** Writes a mark over another, over what an incident masks. */
  #write({ sites, span }: Followed, from: number, to: number): void {
    const n = this.#traffic.sites.length;
    const { masked } = this.#rows;
    for (let t = span.from; t <= span.to; t++)
      for (const p of sites) if (masked[t * n + p] === from) masked[t * n + p] = to;
  }

  /** Notes what is followed of some incidents. */
  note(v: StateVisitor, incidents: readonly Incident[]): void {
    v.json<readonly FollowedState[]>(
      "scan.followed",
      () => this.#followed.map((one) => ({ ...moved(one, v.firstBucket), incident: incidents.indexOf(one.incident) })),
      () => {},
    );
  }

  /** Puts back what was noted. */
  visit(v: StateVisitor, incidents: readonly Incident[]): void {
    v.json<readonly FollowedState[]>(
      "scan.followed",
      () => [],
      (states) => {
        this.#followed = states
          .map((state) => ({ ...moved(state, -v.firstBucket), incident: incidents[state.incident]! }))
          .filter(({ incident }) => incident !== undefined && incident.to >= 0);
      },
    );
  }
}

/** The same with its buckets counted from elsewhere. */
function moved<T extends Omit<Followed, "incident">>(
  one: T,
  by: number,
): Omit<T, "incident"> & Omit<Followed, "incident"> {
  return {
    ...one,
    seed: { ...one.seed, from: one.seed.from + by, to: one.seed.to + by },
    span: { from: Math.max(by < 0 ? 0 : Number.NEGATIVE_INFINITY, one.span.from + by), to: one.span.to + by },
    drawAt: one.drawAt + by,
  };
}
