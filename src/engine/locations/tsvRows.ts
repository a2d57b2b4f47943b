/** Text of so many characters is sent at once: a server reads it while the next is made. */
const CHUNK = 4_000_000;

/** Collects rows as TabSeparated text and hands it on in large pieces. */
export class TsvRows {
  readonly #send: (text: string) => Promise<void>;
  #text = "";

  constructor(send: (text: string) => Promise<void>) {
    this.#send = send;
  }

  /** Whether there is enough for {@link flush}. */
  get isFull(): boolean {
    return this.#text.length >= CHUNK;
  }

  add(...cells: readonly (string | number)[]): void {
    this.#text += `${cells.join("\t")}\n`;
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#send(text);
  }
}

/** A text as a cell. */
export function tsvText(text: string): string {
  return text.replace(/[\\\t\n\r\0\b\f']/g, (character) => ESCAPES[character]!);
}

/** Texts as a cell that holds a list. */
export function tsvList(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${tsvText(text)}'`).join(",")}]`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
  "'": "\\'",
};
