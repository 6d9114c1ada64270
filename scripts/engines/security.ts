import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from './engine.js';
import { enginesFolder, runFolder } from './folder.js';

/** What lets people into an engine with security on, while it runs. */
export interface Access {
  /** The certificate of its authority, PEM. */
  ca: string;
  /** Of all its users. */
  password: string;
}

/** May do everything. Each shipped role has a user of its own name, and each of `LACKING` one. */
export const ADMIN = 'admin';

/** Users with the hunter's role less one privilege over indices, for what is said to them. */
const LACKING = {
  blind: { privilege: 'read', names: 'logs-*' },
  mute: { privilege: 'index', names: 'scanhound-*' },
} as const;

interface Role {
  indices: { names: string[]; privileges: string[] }[];
}

/** Throws where it does not run. */
export const accessTo = (name: EngineName): Access => JSON.parse(readFileSync(accessFile(name), 'utf8')) as Access;

/** Readable by whoever started it. */
export const accessFile = (name: EngineName): string => path.join(runFolder(name), 'access.json');

/**
 * Writes users, roles and certificates into the configuration of one Elasticsearch, and gives its settings. The engine's
 * own tools make the certificates, once on a machine, and the password's hash.
 */
export function prepareSecurity(name: EngineName, home: string, configuration: string, java: string): string[] {
  const tool = (program: string, ...given: string[]) =>
    execFileSync(path.join(home, 'bin', program), given, {
      stdio: 'pipe',
      env: { PATH: process.env.PATH, ES_JAVA_HOME: java, ES_PATH_CONF: configuration },
    });
  const certificates = makeCertificates((...given) => tool('elasticsearch-certutil', ...given), java);
  for (const file of ['node.crt', 'node.key'])
    cpSync(path.join(certificates, 'node', file), path.join(configuration, file));

  const password = randomUUID();
  const roles = rolesForTests();
  tool('elasticsearch-users', 'useradd', ADMIN, '-p', password, '-r', 'superuser');
  const users = path.join(configuration, 'users');
  const hash = readFileSync(users, 'utf8').trim().slice(`${ADMIN}:`.length);
  writeFileSync(users, lines([ADMIN, ...Object.keys(roles)].map((user) => `${user}:${hash}`)));
  writeFileSync(
    path.join(configuration, 'users_roles'),
    lines([`superuser:${ADMIN}`, ...Object.keys(roles).map((user) => `${user}:${user}`)]),
  );
  // YAML reads JSON
  writeFileSync(
    path.join(configuration, 'roles.yml'),
    lines(Object.entries(roles).map(([role, body]) => `${role}: ${JSON.stringify(body)}`)),
  );
  const ca = readFileSync(path.join(certificates, 'ca', 'ca.crt'), 'utf8');
  writeFileSync(accessFile(name), JSON.stringify({ ca, password } satisfies Access), { mode: 0o600 });
  return [
    'xpack.security.enabled: true',
    'xpack.security.http.ssl.enabled: true',
    'xpack.security.http.ssl.certificate: node.crt',
    'xpack.security.http.ssl.key: node.key',
  ];
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

/** A folder with an authority (`ca`) and what it certifies (`node`), good for three years. */
function makeCertificates(certutil: (...given: string[]) => void, java: string): string {
  const folder = path.join(enginesFolder(), 'certificates');
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`; // renamed when whole
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  const unpack = (archive: string) => execFileSync(path.join(java, 'bin/jar'), ['xf', archive], { cwd: part });
  const at = (file: string) => path.join(part, file);
  certutil('ca', '--pem', '--silent', '--out', at('ca.zip'));
  unpack('ca.zip');
  const by = ['--ca-cert', at('ca/ca.crt'), '--ca-key', at('ca/ca.key')];
  certutil('cert', '--pem', '--silent', ...by, '--ip', '127.0.0.1', '--name', 'node', '--out', at('node.zip'));
  unpack('node.zip');
  renameSync(part, folder);
  return folder;
}

/** The roles that are shipped, as the files say them, and those that lack something. */
function rolesForTests(): Record<string, Role> {
  const folder = fileURLToPath(new URL('../../../mappings/search/roles', import.meta.url));
  const shipped = readdirSync(folder).flatMap((file) => {
    const [, role] = /^elasticsearch-(\w+)\.json$/.exec(file) ?? [];
    return role === undefined ? [] : [[role, readRole(path.join(folder, file))] as const];
  });
  const roles: Record<string, Role> = Object.fromEntries(shipped);
  const lacking = Object.entries(LACKING).map(([user, lack]) => [user, without(roles.hunter!, lack)]);
  return { ...roles, ...Object.fromEntries(lacking) };
}

const readRole = (file: string): Role => JSON.parse(readFileSync(file, 'utf8')) as Role;

const without = (role: Role, { privilege, names }: { privilege: string; names: string }): Role => ({
  ...role,
  indices: role.indices.map((rule) =>
    rule.names.includes(names) ? { ...rule, privileges: rule.privileges.filter((own) => own !== privilege) } : rule,
  ),
});
