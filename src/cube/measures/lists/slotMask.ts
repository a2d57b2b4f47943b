/** The last slot of an open-addressing table for up to `most` keys: a power of two less 1, more than half of it free. */
export function slotMask(most: number): number {
  return -1 >>> Math.clz32((2 * most) | 3);
}
