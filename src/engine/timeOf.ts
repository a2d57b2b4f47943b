import { engineError } from "./errors.js";

/** Epoch milliseconds of a time as callers give it. Throws `bad-engine-option`. */
export function timeOf(time: number | Date | string): number {
  const ms = typeof time === "number" ? time : new Date(time).getTime();
  if (Number.isNaN(ms))
    throw engineError("bad-engine-option", { option: "from or to", value: String(time), expected: "a time" });
  return ms;
}
