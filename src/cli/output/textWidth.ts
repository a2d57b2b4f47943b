/** What stands over or between other characters and takes no room. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian Wide and Fullwidth (Unicode's UAX #11), and pictures: two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
/** Narrower than this, a column says nothing. */
const LEAST = 8;

/** How many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += charWidth(character);
  return width;
}

const charWidth = (character: string): number => (ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export function padTextEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padTextStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

/** A text of at most so many columns: what is cut off leaves an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let [cut, room] = ["", width - 1];
  for (const character of text) {
    room -= charWidth(character);
    if (room < 0) break;
    cut += character;
  }
  return `${cut}…`;
}

/** A text in lines of at most so many columns, broken between words; a word that is longer has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Widths of columns that fit a line: the widest of those that may be cut give first.
 *
 * @param gap - columns between two columns
 */
export function fitWidths(widths: readonly number[], mayCut: readonly boolean[], gap: number, width: number): number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, one) => sum + one + gap, -gap) - width;
  for (; over > 0; over--) {
    let widest = -1;
    for (const [at, one] of fitted.entries())
      if (mayCut[at] && one > LEAST && (widest < 0 || one > fitted[widest]!)) widest = at;
    if (widest < 0) break;
    fitted[widest]!--;
  }
  return fitted;
}

/** Columns of the terminal that stdout is, or of the environment's COLUMNS; none where a file or a pipe has no end. */
export function terminalWidth(): number {
  const columns = process.stdout.columns ?? Number(process.env.COLUMNS);
  return columns >= 20 ? columns : Number.POSITIVE_INFINITY;
}
