/** Receivers cut or refuse longer ones. */
const LONGEST = 2_000;

/** An address that may become a link: http or https, without credentials, not too long; null for all else. */
export function safeUrl(value: string | null | undefined): string | null {
  if (value == null || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  // The parser leaves these as they are, and they end links in Markdown and Slack.
  const href = url.href.replace(/[()|'"<>`[\]]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return href.length > LONGEST ? null : href;
}
