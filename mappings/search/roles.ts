/** Rights in Elasticsearch's words, as a role of it holds them. */
export interface Role {
  readonly cluster: readonly string[];
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
}

/**
 * What a hunt needs and no more: it reads telemetry, and reads and writes documents of ours. It makes and deletes no
 * index, and deletes no document. `roles/elasticsearch-hunter.json` says the same of the indices that agents write.
 *
 * @param telemetry index patterns of this cluster
 */
export const hunterRole = (telemetry: readonly string[], prefix = 'scanhound'): Role => ({
  cluster: ['monitor'],
  indices: [
    { names: telemetry, privileges: ['read', 'view_index_metadata'] },
    { names: [`${prefix}-*`], privileges: ['read', 'view_index_metadata', 'index', 'maintenance'] },
  ],
});
