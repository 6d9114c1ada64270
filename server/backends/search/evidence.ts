/** One text for a document of any index: no index has a slash in its name. */
export const evidenceOf = (index: string, id: string): string => `${index}/${id}`;

/** The document that a piece of evidence names; undefined for a text that names none. */
export function documentNamed(evidence: string): { _index: string; _id: string } | undefined {
  const slash = evidence.indexOf('/');
  if (slash < 1 || slash === evidence.length - 1) return undefined;
  return { _index: evidence.slice(0, slash), _id: evidence.slice(slash + 1) };
}
