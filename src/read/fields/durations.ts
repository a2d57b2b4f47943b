/** Milliseconds that 1 of a unit stands for, as Go, nginx, Envoy and people write it. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 },
  ...{
    msec: 1,
    msecs: 1,
    micros: 1e-3,
    sec: 1e3,
    secs: 1e3,
    min: 6e4,
    mins: 6e4,
    seconds: 1e3,
    second: 1e3,
    milliseconds: 1,
    minutes: 6e4,
  },
};

const PART = /(\d+(?:\.\d+)?)\s*([a-zµμ]+)\s*/giy;
const MAX_BYTES = 64;

/** Milliseconds of a duration with units, `1m2.5s`, `350 ms` or `929.6µs`; NaN if the bytes are none. */
export function unitDurationMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_BYTES) return Number.NaN;
  const text = decoder.decode(bytes.subarray(start, end)).trim();
  let sum = 0;
  let at = 0;
  for (PART.lastIndex = 0; at < text.length; at = PART.lastIndex) {
    const part = PART.exec(text);
    const unit = part === null ? undefined : UNITS[part[2]!.toLowerCase()];
    if (unit === undefined) return Number.NaN;
    sum += Number(part![1]) * unit;
  }
  return text === "" ? Number.NaN : sum;
}

/** As seconds, a whole number beyond this is no duration of a request: it is nanoseconds. */
const MAX_WHOLE_SECONDS = 10_000;

/** Milliseconds of a number in seconds, or in nanoseconds where it is whole and too large for seconds. */
export function ambiguousDurationMs(value: number): number {
  return Number.isInteger(value) && value >= MAX_WHOLE_SECONDS ? value * 1e-6 : value * 1e3;
}

const decoder = new TextDecoder();
