/** A measured value as people read it; the unit is read off the measure's name: `error_rate`, `p95_latency_ms`, `speed_kmh`. */
export function figureText(measure: string, value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  if (/_(rate|share)$|^share$/.test(measure)) return percentText(value);
  if (/_ms$/.test(measure)) return value < 10_000 ? `${roundText(value)} ms` : `${roundText(value / 1000)} s`;
  if (/_kmh$/.test(measure)) return `${roundText(value)} km/h`;
  return roundText(value);
}

/** "93%", "0.4%". */
export function percentText(share: number): string {
  const percent = 100 * share;
  return `${Math.abs(percent) < 10 && percent !== 0 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}

/** "1,072,471", "12.3". */
export function roundText(value: number): string {
  const rounded = Math.abs(value) < 100 ? Number(value.toFixed(1)) : Math.round(value);
  const [whole = "", part] = (Math.abs(rounded) < 1e15 ? String(rounded) : rounded.toExponential(2)).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part === undefined ? "" : `.${part}`);
}

/** "error rate", "p95 latency", "requests". */
export function measureWords(measure: string): string {
  return measure.replace(/_(ms|kmh|km)$/, "").replace(/_/g, " ");
}
