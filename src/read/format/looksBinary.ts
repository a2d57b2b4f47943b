const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a ZIP archive: give its content, as by unzip -p FILE | geopivot analyze -", [0x50, 0x4b, 0x03, 0x04]],
  ["an xz archive: unpack it first", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["a program", [0x7f, 0x45, 0x4c, 0x46]],
  ["an SQLite database", [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

/** A tar archive says so in its first header, behind a name, owners and times. */
const TAR = { at: 257, magic: "ustar" };

/** More control characters than this share are no text. */
const MAX_CONTROL_SHARE = 0.05;

/** What the first bytes of an input look like if they are no text; undefined if they are. */
export function looksBinary(head: Uint8Array): string | undefined {
  for (const [name, magic] of MAGIC) if (magic.every((byte, i) => head[i] === byte)) return name;
  if (TAR.magic.split("").every((letter, i) => head[TAR.at + i] === letter.charCodeAt(0)))
    return "a tar archive: give its content, as by tar -xOf FILE | geopivot analyze -";
  let controls = 0;
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27) controls++;
  return controls > MAX_CONTROL_SHARE * head.length ? "binary data" : undefined;
}
