/**
 * A value as JSON on one line that a terminal shows as it is: what `JSON.stringify` leaves of control characters (C1, DEL),
 * line separators and what turns the direction of writing is escaped too.
 */
export function jsonText(value: unknown, indent?: number): string {
  return escapeControls(JSON.stringify(value, null, indent));
}

/** JSON with what `JSON.stringify` leaves of control characters escaped. */
export function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
