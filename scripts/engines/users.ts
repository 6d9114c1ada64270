import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.js';

/** A role as its file has it: rules about indices, whatever the engine calls them. */
type Role = Readonly<Record<string, unknown>>;

/** What the hunter's role lacks, by the user who has the rest of it. */
const LACKING = {
  elasticsearch: { blind: ['logs-*', 'read'], mute: ['scanhound-*', 'index'] },
  opensearch: { blind: ['logs-*', 'read'], mute: ['scanhound-*', 'indices:data/write/index*'] },
} as const;

/** How the engines call the rules of a role, the indices of a rule, and what is allowed over them. */
const WORDS = {
  elasticsearch: { rules: 'indices', names: 'names', rights: 'privileges' },
  opensearch: { rules: 'index_permissions', names: 'index_patterns', rights: 'allowed_actions' },
} as const;

/** The users of an engine with security on, besides `ADMIN`, each with a role of the same name: those that are shipped,
 * and the hunter's less one right, for what is said to who lacks it. */
export function rolesOfUsers(kind: Engine['kind']): Record<string, Role> {
  const folder = fileURLToPath(new URL('../../../mappings/search/roles', import.meta.url));
  const roles: Record<string, Role> = {};
  for (const file of readdirSync(folder)) {
    const [, engine, role] = /^(\w+)-(\w+)\.json$/.exec(file) ?? [];
    if (engine === kind) roles[role!] = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Role;
  }
  for (const [user, [names, right]] of Object.entries(LACKING[kind]))
    roles[user] = without(roles.hunter!, WORDS[kind], names, right);
  return roles;
}

function without(role: Role, words: (typeof WORDS)[Engine['kind']], names: string, right: string): Role {
  const rules = role[words.rules] as readonly Readonly<Record<string, readonly string[]>>[];
  const fewer = rules.map((rule) => ({
    ...rule,
    ...(rule[words.names]!.includes(names) && { [words.rights]: rule[words.rights]!.filter((own) => own !== right) }),
  }));
  return { ...role, [words.rules]: fewer };
}
