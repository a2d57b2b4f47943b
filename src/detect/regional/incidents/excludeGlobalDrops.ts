import type { Incident } from "../scan/sequentialScan.js";

/**
 * Regional incidents apart from dips of everything: what was told while all traffic was down is part of the dip, and what
 * began before ends where the dip begins.
 */
export function excludeGlobalDrops(incidents: readonly Incident[], dips: readonly Incident[]): Incident[] {
  return incidents.flatMap((incident) => {
    const dip = dips.find((d) => incident.from <= d.to && d.from <= incident.to);
    if (dip === undefined) return [incident];
    if (incident.from >= dip.from - 1 || incident.detected >= dip.from) return [];
    return [{ ...incident, to: dip.from - 1 }];
  });
}
