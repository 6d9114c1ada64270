import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ADMIN } from './access.js';
import type { Certificates } from './certificates.js';
import { rolesOfUsers } from './users.js';

export const SECURITY_PLUGIN = 'org.opensearch.security.OpenSearchSecurityPlugin';

interface Place {
  /** The folder of the security plugin. */
  plugin: string;
  /** Where its classes and those of the server are. */
  classes: string;
  configuration: string;
  java: string;
  /** Of all users. */
  password: string;
  certificates: Certificates;
}

/** Writes users, their roles and certificates into the configuration of an OpenSearch, and gives its settings. */
export function secureOpenSearch({ plugin, classes, configuration, java, password, certificates }: Place): string[] {
  const { ca, certificate, key } = certificates;
  for (const [file, text] of [
    ['ca.crt', ca],
    ['node.crt', certificate],
    ['node.key', key],
  ] as const)
    writeFileSync(path.join(configuration, file), text);
  const folder = path.join(configuration, 'opensearch-security');
  cpSync(path.join(plugin, 'config'), folder, { recursive: true });
  // YAML reads JSON
  const write = (file: string, type: string, body: object) =>
    writeFileSync(path.join(folder, file), JSON.stringify({ _meta: { type, config_version: 2 }, ...body }));
  const hash = hashOf(password, classes, java);
  const roles = rolesOfUsers('opensearch');
  const users = Object.keys(roles);
  write('internal_users.yml', 'internalusers', Object.fromEntries([ADMIN, ...users].map((user) => [user, { hash }])));
  write('roles.yml', 'roles', roles);
  write('roles_mapping.yml', 'rolesmapping', {
    all_access: { users: [ADMIN] },
    ...Object.fromEntries(users.map((user) => [user, { users: [user] }])),
  });
  const tls = (layer: 'http' | 'transport') => [
    `plugins.security.ssl.${layer}.pemcert_filepath: node.crt`,
    `plugins.security.ssl.${layer}.pemkey_filepath: node.key`,
    `plugins.security.ssl.${layer}.pemtrustedcas_filepath: ca.crt`,
  ];
  return [
    ...tls('http'),
    ...tls('transport'),
    'plugins.security.ssl.http.enabled: true',
    'plugins.security.restapi.roles_enabled: ["all_access"]',
    'plugins.security.allow_default_init_securityindex: true',
  ];
}

function hashOf(password: string, classes: string, java: string): string {
  const given = ['-cp', classes, 'org.opensearch.security.tools.Hasher', '-p', password];
  const said = execFileSync(path.join(java, 'bin/java'), given, { encoding: 'utf8', stdio: 'pipe' });
  return said.trim().split('\n').at(-1)!;
}
