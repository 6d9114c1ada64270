/** Kinds of records that are counted: of programs on the hosts of an analytic, and of addresses on any network. */
export const volumeKinds = [
  'programContacts',
  'failedProgramContacts',
  'launches',
  'addressContacts',
  'failedAddressContacts',
  'serviceQueries',
  /** Service queries that hold the hash of a name in its place. */
  'maskedQueries',
  'arps',
] as const;

export type VolumeKind = (typeof volumeKinds)[number];

/** How many records of a kind a span holds. Engines count before rows are made, so a few more than are hunted. */
export interface Volume {
  records: number;
  /** The time of the last, epoch ms; absent where there is none. */
  last?: number;
}

export type Volumes = Readonly<Record<VolumeKind, Volume>>;
