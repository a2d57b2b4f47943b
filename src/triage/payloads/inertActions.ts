import type { AlertAction } from "../alert.js";
import type { PayloadObject } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";

const MOST_ACTIONS = 10;
const MOST_ADDRESSES = 100;

/** What a pipeline can do, with values out of logs made harmless. */
export function inertActions(actions: readonly AlertAction[]): PayloadObject[] {
  return actions.slice(0, MOST_ACTIONS).map((action) => {
    if (action.action === "block")
      return { action: "block", ips: action.ips.slice(0, MOST_ADDRESSES).map((ip) => inertText(ip, 64)) };
    const service = action.service === undefined ? {} : { service: inertText(action.service, 200) };
    if (action.action === "drain") return { action: "drain", pop: inertText(action.pop, 200), ...service };
    return { action: "rollback", version: inertText(action.version, 200), ...service };
  });
}
