/**
 * The IPv4 address inside an IPv6 address that carries one, which says where its user is; -1 for all others.
 *
 * 6to4 (2002::/16, RFC 3056), Teredo (2001::/32, RFC 4380: the client's address, inverted), NAT64 (64:ff9b::/96,
 * RFC 6052) and IPv4-compatible addresses (::/96, RFC 4291). Mapped addresses are IPv4 already when they are parsed.
 */
export function embeddedIpv4(w0: number, w1: number, w2: number, w3: number): number {
  if (w0 >>> 16 === 0x2002) return ((w0 << 16) | (w1 >>> 16)) >>> 0;
  if (w0 === 0x20010000) return ~w3 >>> 0;
  if (w1 !== 0 || w2 !== 0) return -1;
  // :: and ::1 are the unspecified and the loopback address.
  return w0 === 0x0064ff9b || (w0 === 0 && w3 > 1) ? w3 : -1;
}
