import { detectFormat, rowsRead } from "../format/detectFormat.js";
import { type Format, formatOf } from "../format/formats.js";
import type { DecodeOptions } from "../format/makeDecoder.js";
import type { Envelope, InnerLine } from "./envelope.js";
import { jsonEnvelopes } from "./jsonEnvelope.js";
import { TEXT_ENVELOPES } from "./textEnvelopes.js";

const SAMPLE_LINES = 20;
/** A line in a line in a line: a container's log of what came by syslog. */
const MAX_DEPTH = 3;

/**
 * The envelopes around the first lines of a source, the outermost first; none if the lines are read as they are, or if no
 * envelope makes more of them.
 *
 * @param asked - name of the format inside, or `auto`
 */
export function detectEnvelope(head: Uint8Array, asked: string, options: DecodeOptions): readonly Envelope[] {
  const lines = new TextDecoder()
    .decode(head)
    .split(/\r?\n/, SAMPLE_LINES)
    .filter((line) => line.trim() !== "");
  if (lines.length === 0 || 2 * rowsOf(lines, asked, options) >= lines.length) return [];
  return within(lines, asked, options, 1)?.envelopes ?? [];
}

interface Found {
  readonly envelopes: readonly Envelope[];
  readonly rows: number;
}

/** The envelopes that make most of some lines; of equals, the first. */
function within(lines: readonly string[], asked: string, options: DecodeOptions, depth: number): Found | undefined {
  const opened = [...TEXT_ENVELOPES, ...jsonEnvelopes(lines)].flatMap((envelope) => {
    const inner = lines.flatMap((line) => envelope.open(line) ?? []);
    return 2 * inner.length > lines.length ? [{ envelope, inner }] : [];
  });
  let best: Found | undefined;
  for (const { envelope, inner } of opened) {
    const rows = rowsOf(texts(inner), asked, timed(inner, options));
    if (rows > (best?.rows ?? 0)) best = { envelopes: [envelope], rows };
  }
  if (best !== undefined || depth === MAX_DEPTH) return best;
  for (const { envelope, inner } of opened) {
    const found = within(texts(inner), asked, timed(inner, options), depth + 1);
    if (found !== undefined && found.rows > (best?.rows ?? 0))
      best = { envelopes: [envelope, ...found.envelopes], rows: found.rows };
  }
  return best;
}

const texts = (lines: readonly InnerLine[]): string[] => lines.map(({ text }) => text);

/** The options for lines whose time the outer lines tell, if they do. */
function timed(lines: readonly InnerLine[], options: DecodeOptions): DecodeOptions {
  const { timeMs } = lines[0]!;
  return Number.isNaN(timeMs) ? options : { ...options, envelope: { timeMs: () => timeMs } };
}

/** How many events the format that is asked for, or that fits best, reads from the lines. */
function rowsOf(lines: readonly string[], asked: string, options: DecodeOptions): number {
  const text = encoder.encode(`${lines.join("\n")}\n`);
  const format: Format | undefined = asked === "auto" ? detectFormat(text, options) : formatOf(asked);
  if (format === undefined) return 0;
  const bytes = new Uint8Array(text.length + 64);
  bytes.set(text);
  return rowsRead(format, bytes, text.length, options);
}

const encoder = new TextEncoder();
