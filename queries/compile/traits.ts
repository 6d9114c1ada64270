/**
 * What the search for suspects asks of each contact, as bits of one number beside the texts: several texts of each of
 * millions of rows take three times as long to compare. A contact that is neither `own` nor `self` is `foreign`.
 */
export const TRAIT = {
  own: 1,
  self: 2,
  failed: 4,
  process: 8,
  container: 16,
  windows: 32,
  linux: 64,
  macos: 128,
} as const;

/** The columns of contacts that traits tell. */
type Told = Readonly<Record<'scope' | 'outcome' | 'is_process' | 'container' | 'platform', unknown>>;

export function traitsOf({ scope, outcome, is_process, container, platform }: Told): number {
  return (
    (scope === 'own' ? TRAIT.own : scope === 'self' ? TRAIT.self : 0) |
    (outcome === 'refused' || outcome === 'unanswered' ? TRAIT.failed : 0) |
    (is_process ? TRAIT.process : 0) |
    (container === '' ? 0 : TRAIT.container) |
    (platform === 'windows' || platform === 'linux' || platform === 'macos' ? TRAIT[platform] : 0)
  );
}

/** The same in SQL. */
export const TRAITS = `(CASE scope WHEN 'own' THEN ${TRAIT.own} WHEN 'self' THEN ${TRAIT.self} ELSE 0 END
  + CASE WHEN outcome IN ('refused', 'unanswered') THEN ${TRAIT.failed} ELSE 0 END
  + CASE WHEN is_process THEN ${TRAIT.process} ELSE 0 END
  + CASE container WHEN '' THEN 0 ELSE ${TRAIT.container} END
  + CASE platform WHEN 'windows' THEN ${TRAIT.windows} WHEN 'linux' THEN ${TRAIT.linux} WHEN 'macos' THEN ${TRAIT.macos} ELSE 0 END
  )::UTINYINT`;
