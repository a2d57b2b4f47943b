/**
 * The same text as UTF-8 where it begins with the byte-order mark of UTF-16, or is UTF-16 without one by its looks, as
 * Windows shells write it; other bytes as they are.
 */
export async function* transcoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let first = true;
  for await (const chunk of chunks) {
    if (first && chunk.length > 0) {
      first = false;
      const encoding = wideEncoding(chunk);
      if (encoding !== undefined) decoder = new TextDecoder(encoding);
    }
    yield decoder === undefined ? chunk : encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== undefined) yield encoder.encode(decoder.decode());
}

/** Whether a text is UTF-16 by its first bytes. */
export function isWide(head: Uint8Array): boolean {
  return wideEncoding(head) !== undefined;
}

function wideEncoding(head: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  // ASCII in UTF-16 has a zero in every other byte.
  const sample = head.subarray(0, 64);
  if (sample.length < 16) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i & 1]!++;
  const half = sample.length / 2;
  if (zeros[1]! > 0.9 * half && zeros[0] === 0) return "utf-16le";
  if (zeros[0]! > 0.9 * half && zeros[1] === 0) return "utf-16be";
  return undefined;
}

const encoder = new TextEncoder();
