/**
 * Text of telemetry for a terminal: control characters, which could move the cursor or set colours, and characters
 * that turn the direction of writing are shown by their code.
 */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
