/** What a check of the engine found. */
export interface Finding {
  /** A problem keeps hunts from running or from seeing; a warning from seeing some of it, or costs. */
  verdict: 'ok' | 'warning' | 'problem';
  /** In plain words; holds no secret. */
  what: string;
  /** What to do about it; absent where nothing is. */
  remedy?: string;
}

export const ok = (what: string): Finding => ({ verdict: 'ok', what });
export const warning = (what: string, remedy: string): Finding => ({ verdict: 'warning', what, remedy });
export const problem = (what: string, remedy: string): Finding => ({ verdict: 'problem', what, remedy });

const MOST_NAMES = 8;

/** `a, b, c and 4 more`. */
export function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
