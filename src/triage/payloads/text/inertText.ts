/** Longer input is cut before it is looked at: nobody reads more, and it may be megabytes. */
const LOOKED_AT = 4;
const CUT = "…";

/**
 * A text out of a log as one line that no receiver acts on: no controls, nothing that reverses or hides text, and what
 * would begin a mention, a link or markup replaced by a sign that looks alike.
 *
 * Look-alikes rather than escapes, because escapes differ by receiver and some have none (a link is made of any `://`).
 *
 * @param most - UTF-16 units that the result may have; longer texts end in "…"
 * @param orElse - what stands for a text of which nothing is left; default the empty string
 */
export function inertText(value: string, most: number, orElse = ""): string {
  const text = disarmed(visibleText(value.slice(0, LOOKED_AT * most + 64)));
  return text === "" ? orElse : cutText(text, most);
}

/** A text without controls, direction overrides, invisible signs and lone surrogates; white space becomes single spaces. */
export function visibleText(value: string): string {
  return (
    value
      // Under the u flag these match lone surrogates only.
      .replace(/[\uD800-\uDFFF]/gu, "\uFFFD")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ")
      .replace(INVISIBLE, "")
      .replace(/(\p{M}{4})\p{M}+/gu, "$1")
      .replace(/\s+/gu, " ")
      .trim()
  );
}

/** Soft hyphen, direction marks, embeddings, overrides and isolates, zero-width signs, annotations, tags. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\u034f|\u17b4|\u17b5|[\u{e0000}-\u{e007f}]/gu;

/** The first `most` UTF-16 units, never half a character; what was cut ends in "…". */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - CUT.length).replace(/[\uD800-\uDBFF]$/, "")}${CUT}`;
}

function disarmed(text: string): string {
  return text
    .replace(/@(?=[\p{L}\p{N}_])/gu, "\uff20")
    .replace(/:(?=\/\/)/g, "\uff1a")
    .replace(/<(?=[!@#/?a-z])/gi, "\u2039")
    .replace(/(?<=\])\(/g, "\uff08")
    .replace(
      /\b(www|mailto|javascript|data|tel)([.:])(?=\S)/gi,
      (_, word: string, sign: string) => word + (sign === "." ? "\uff0e" : "\uff1a"),
    );
}
