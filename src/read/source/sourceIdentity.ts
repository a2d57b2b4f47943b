import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { LogSource } from "./openSource.js";

/** What services put beside the logs that they deliver: AWS's and Cloudflare's tests of access, markers of big-data tools. */
const NO_LOG = /(?:^|[\\/])(?:ELBAccessLogTestFile|ownership-challenge[^\\/]*|_SUCCESS|_started_\d+|_committed_\d+)$/;
const SAMPLE_BYTES = 65_536;

/** Whether a file is known by its name to be no log, but what a service puts among them. */
export function isVendorsObject(source: LogSource): boolean {
  return typeof source === "string" && NO_LOG.test(source);
}

/**
 * A text that is the same for files of the same content: of its size, its first and its last bytes. Undefined for what is no
 * file or is empty.
 */
export async function contentIdentity(source: LogSource): Promise<string | undefined> {
  if (source === "-" || !(typeof source === "string" || source instanceof URL)) return undefined;
  // Whatever fails here is told better where the file is opened to be read.
  const file = await open(source, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size === 0) return undefined;
    const hash = createHash("sha1");
    const bytes = new Uint8Array(SAMPLE_BYTES);
    for (const at of [0, Math.max(0, info.size - SAMPLE_BYTES)]) {
      const { bytesRead } = await file.read(bytes, 0, SAMPLE_BYTES, at);
      hash.update(bytes.subarray(0, bytesRead));
    }
    return `${info.size} ${hash.digest("hex")}`;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}
