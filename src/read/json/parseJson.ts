const BACKSLASH = 92;

/** The value of a text that is JSON, or JSON with the `\xHH` that nginx writes by default; undefined if it is neither. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.includes("\\x") ? parsed(withoutHexEscapes(text)) : undefined;
  }
}

/** Whether bytes[start, end) hold a `\x` that JSON does not know. */
export function hasHexEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes.indexOf(BACKSLASH, start); at >= 0 && at < end; at = bytes.indexOf(BACKSLASH, at + 2))
    if (bytes[at + 1] === 120) return true;
  return false;
}

/** nginx escapes quotes, backslashes, control characters and the bytes of UTF-8 beyond ASCII so. */
function withoutHexEscapes(text: string): string {
  return text.replace(/\\(?!x)[\s\S]|(?:\\x[0-9a-f]{2})+/gi, (match) => {
    if (!/^\\x/i.test(match)) return match;
    const bytes = match
      .split(/\\x/i)
      .slice(1)
      .map((hex) => Number.parseInt(hex, 16));
    return JSON.stringify(decoder.decode(Uint8Array.from(bytes))).slice(1, -1);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();
