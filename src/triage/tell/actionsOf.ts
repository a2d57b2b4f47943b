import type { Cause } from "../../detect/finding.js";
import type { AlertAction } from "../alert.js";
import type { Incident } from "../group/incident.js";
import { isAttack } from "../group/linkReason.js";
import { CARRIES } from "../judge/causeValues.js";

/** More addresses than anybody blocks by hand, and fewer than a payload holds. */
const MOST_ADDRESSES = 100;
/** What a drain is for: the whole of a location must be in trouble. */
const POPS = ["pop", "pop.name", "colo", "edge"];
/** What takes to blocking: attacks out of addresses of their own, not one account used from two places. */
const BLOCKABLE: ReadonlySet<string> = new Set([
  "credential-stuffing",
  "password-spraying",
  "brute-force",
  "traffic-surge",
  "busy-client",
  "scraper",
  "names-of-nobody",
]);

/** What a pipeline can do at once, where the cause allows it. */
export function actionsOf({ root, subjects }: Incident, causes: readonly Cause[]): AlertAction[] {
  if (isAttack(root)) {
    const ips = subjects.filter(({ finding }) => BLOCKABLE.has(finding.subtype)).flatMap(({ finding }) => finding.ips);
    return ips.length === 0 ? [] : [{ action: "block", ips: [...new Set(ips)].slice(0, MOST_ADDRESSES) }];
  }
  const actions: AlertAction[] = [];
  for (const { slice, share } of causes) {
    if (share < CARRIES) continue;
    const service = slice.service ?? root.values.get("service");
    const scope = service === undefined ? {} : { service };
    const pop = POPS.map((name) => slice[name]).find((value) => value !== undefined);
    if (slice.version !== undefined) actions.push({ action: "rollback", version: slice.version, ...scope });
    else if (pop !== undefined) actions.push({ action: "drain", pop, ...scope });
  }
  return actions;
}
