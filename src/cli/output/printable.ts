/**
 * Text that is safe to show on a terminal: control characters, line separators and what turns the direction of writing
 * become U+FFFD. Names and lines come out of logs, databases and file names, and an attacker may have written them.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
}
