/** Which of the two 32-bit words of a 64-bit integer comes first in memory: 0 if it is the lower, as on nearly every machine. */
export const LOW_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
