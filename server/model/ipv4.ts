const ZERO = 48;
const DOT = 46;

/**
 * An IPv4 address of four decimal parts without leading zeros, as a number from 0 to 2^32 − 1; undefined for any other
 * text. Most addresses of telemetry are such, and reading one so costs less than remembering it.
 */
export function readIpv4(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let number = 0;
  let part = -1; // none of its digits seen yet
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (part < 0 || ++dots > 3) return undefined;
      number = number * 256 + part;
      part = -1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || part === 0) return undefined;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return undefined;
    }
  }
  return dots === 3 && part >= 0 ? number * 256 + part : undefined;
}
