const HINTS = {
  SOURCE_NOT_FOUND: 'Check the path; a pattern must match at least one file.',
  SOURCE_UNREADABLE: 'Check its permissions, or unpack it first.',
  FORMAT_UNKNOWN: 'Name a file of a known format, or its folder to skip what is unknown.',
} as const;

/** What an import can't go on without: each names its source and what to do next. Damaged records are no such error. */
export class ImportError extends Error {
  readonly hint: string;
  constructor(
    readonly code: keyof typeof HINTS,
    message: string,
  ) {
    super(message);
    this.hint = HINTS[code];
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
