/** Text as HTML shows it, in content and in attributes: what means something to a parser becomes a numbered entity. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"'\u2028\u2029]/g, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * A value as JSON that may stand inside a script element: what could end the element, open a comment in it or break a
 * line of JavaScript (`<`, `>`, `&`, U+2028, U+2029) is written as an escape, which JSON.parse reads back.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
