import { availableParallelism } from "node:os";
import type { ReadOptions } from "../../read/readOptions.js";
import type { InputOptions } from "./options.js";

/** What the command line says about reading, as the library takes it. */
export function readOptions(input: InputOptions, signal: AbortSignal): Omit<ReadOptions, "locator"> {
  return {
    format: input.format,
    ...(input.map && { map: input.map }),
    ...(input.trust && { trustedProxies: input.trust }),
    ...(input.logTimeZone && { timeZone: input.logTimeZone }),
    workers: input.workers ?? availableParallelism(),
    signal,
  };
}
