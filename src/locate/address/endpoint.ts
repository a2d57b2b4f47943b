import { parseAddressBytes } from "./parseAddress.js";

const COLON = 58;
const CLOSE = 93;
const UNDERSCORE = 95;
/** `:` and five digits, or the obfuscated port of RFC 7239, within reason. */
const MAX_PORT_BYTES = 64;

/**
 * Where the address of an endpoint ends, of which the last colon begins the port: `2001:db8::7:443`, as load balancers write
 * IPv6 without brackets. An address without a port, or with one that {@link parseAddressBytes} knows, is left as it is.
 */
export function endpointEnd(bytes: Uint8Array, start: number, end: number): number {
  const colon = portStart(bytes, start, end);
  // Only an address with a second colon can be IPv6.
  if (colon < 0 || bytes[colon - 1] === CLOSE || bytes.indexOf(COLON, start) === colon) return end;
  return parseAddressBytes(bytes, start, colon, words) === 0 ? end : colon;
}

/**
 * Where the address ends in bytes that are no address as a whole: before a port that makes a ninth group of full IPv6
 * (`2001:db8:1:2:3:4:5:6:443`), or before an obfuscated port (`192.0.2.1:_web`, `[2001:db8::1]:_web`, RFC 7239).
 */
export function addressEnd(bytes: Uint8Array, start: number, end: number): number {
  let colon = end - 1;
  while (colon > start && bytes[colon] !== COLON && end - colon < MAX_PORT_BYTES) colon--;
  if (colon <= start || bytes[colon] !== COLON) return end;
  return bytes[colon + 1] === UNDERSCORE || portStart(bytes, start, end) === colon ? colon : end;
}

/** Where the last colon is, if only a port follows; -1 if not. */
function portStart(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && bytes[at]! >= 48 && bytes[at]! <= 57) at--;
  const digits = end - 1 - at;
  return bytes[at] === COLON && digits > 0 && digits <= 5 && at > start ? at : -1;
}

// Overwritten by every call and read by no other.
const words = new Uint32Array(4);
