const BACKSLASH = 92;
const LETTER_X = 120;

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
  // The line alone: a search of all that follows it would make a log of damaged lines cost the square of its size.
  const line = bytes.subarray(start, end);
  for (let at = line.indexOf(BACKSLASH); at >= 0; at = line.indexOf(BACKSLASH, at + 2))
    if (line[at + 1] === LETTER_X) return true;
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
