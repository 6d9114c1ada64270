import { createHash } from 'node:crypto';
import { AppError } from '../../model/app-error.js';
import type { Connection } from './connection.js';
import type { OwnIndex } from './own-indices.js';

/** One thing that is missing on an engine. */
export interface SetupStep {
  /** In plain words, e.g. `index scanhound-alert-1 behind the alias scanhound-alert`. */
  what: string;
  take(): Promise<unknown>;
}

/** Above the templates that agents bring, which are for other names anyway. */
const PRIORITY = 500;

/**
 * What is missing for indices to be as we make them later on too, by whatever means (reindexed, restored): a template
 * for each. Taken in any order; none where all is there.
 */
export async function templateSteps(connection: Connection, indices: readonly OwnIndex[]): Promise<SetupStep[]> {
  const { index_templates: known } = await connection.request((client) => client.indices.getIndexTemplate());
  const contents = new Map(
    known.map(({ name, index_template }) => [
      name,
      (index_template as { _meta?: { content?: unknown } })._meta?.content,
    ]),
  );
  return indices.flatMap(({ index, alias, body }) => {
    const name = alias ?? index;
    const content = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    if (contents.get(name) === content) return [];
    const pattern = alias === undefined ? `${index}*` : `${alias}-*`;
    const template = { index_patterns: [pattern], priority: PRIORITY, template: body, _meta: { content } };
    return {
      what: `template ${name} for the indices ${pattern}`,
      take: () => connection.request((client) => client.indices.putIndexTemplate({ name, ...template })),
    };
  });
}

/**
 * What these indices lack: themselves, their alias, or fields. Taken in any order; none where all is there.
 *
 * Throws ENGINE_REFUSED for an index that can't become ours: it has the alias's name, or keeps a field otherwise.
 */
export async function indexSteps(connection: Connection, indices: readonly OwnIndex[]): Promise<SetupStep[]> {
  const found = await connection.request((client) =>
    client.indices.get({
      index: indices.flatMap(({ index, alias }) => [index, ...(alias === undefined ? [] : [alias])]),
      ignore_unavailable: true,
      filter_path: ['*.aliases', '*.mappings.properties'],
    }),
  );
  return indices.flatMap((own) => stepsFor(connection, own, found as Found));
}

type Found = Readonly<Record<string, { aliases?: object; mappings?: { properties?: Properties } }>>;
type Properties = Readonly<Record<string, { type?: string; properties?: Properties }>>;

function stepsFor(connection: Connection, own: OwnIndex, found: Found): SetupStep[] {
  const { index, alias, body } = own;
  if (alias !== undefined && Object.hasOwn(found, alias))
    throw new AppError('ENGINE_REFUSED', `An index is called ${alias}, the name of an alias of ours: remove it.`);
  const asked = alias ?? index;
  const behind = Object.keys(found).filter((name) => Object.hasOwn(found[name]!.aliases ?? {}, asked));
  if (behind.length > 0) return behind.flatMap((name) => fieldSteps(connection, name, body, found[name]!));
  if (!Object.hasOwn(found, index)) {
    const what = alias === undefined ? `index ${index}` : `index ${index} behind the alias ${alias}`;
    return [{ what, take: () => createIndex(connection, own) }];
  }
  const steps = fieldSteps(connection, index, body, found[index]!);
  if (alias !== undefined)
    steps.push({
      what: `alias ${alias} of the index ${index}`,
      take: () => connection.request((client) => client.indices.putAlias({ index, name: alias })),
    });
  return steps;
}

function fieldSteps(
  connection: Connection,
  index: string,
  { mappings }: OwnIndex['body'],
  { mappings: known }: Found[string],
): SetupStep[] {
  const types = typesOf(known?.properties);
  const missing = Object.entries(mappings.properties).filter(([field, property]) => {
    const wanted = (property as { type?: string }).type;
    const type = types.get(field);
    if (type !== undefined && type !== wanted)
      throw new AppError('ENGINE_REFUSED', `${index} keeps ${field} as ${type}, not as ${wanted}: remove the index.`);
    return type === undefined;
  });
  if (missing.length === 0) return [];
  const properties = Object.fromEntries(missing);
  return [
    {
      what: `fields ${missing.map(([field]) => field).join(', ')} of the index ${index}`,
      take: () => connection.request((client) => client.indices.putMapping({ index, properties })),
    },
  ];
}

/** The engine nests what we name by dots. */
function typesOf(properties: Properties = {}, before = ''): Map<string, string> {
  return new Map(
    Object.entries(properties).flatMap(([name, { type, properties: inner }]): [string, string][] => [
      ...(type !== undefined || !inner ? [[`${before}${name}`, type ?? 'object'] as [string, string]] : []),
      ...typesOf(inner, `${before}${name}.`),
    ]),
  );
}

/** Somebody else may make it at the same time. */
async function createIndex(connection: Connection, { index, alias, body }: OwnIndex) {
  const aliases = alias === undefined ? {} : { [alias]: {} };
  try {
    await connection.request((client) => client.indices.create({ index, ...body, aliases }));
  } catch (error) {
    if (!(error instanceof AppError && error.message.includes('resource_already_exists_exception'))) throw error;
  }
}
