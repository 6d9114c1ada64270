import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ADMIN } from './access.js';
import type { Certificates } from './certificates.js';
import { rolesOfUsers } from './users.js';

interface Place {
  /** The folder of the program. */
  home: string;
  configuration: string;
  java: string;
  /** Of all users. */
  password: string;
  certificates: Certificates;
}

/** Writes users, their roles and certificates into the configuration of an Elasticsearch, and gives its settings. */
export function secureElasticsearch({ home, configuration, java, password, certificates }: Place): string[] {
  const write = (file: string, text: string) => writeFileSync(path.join(configuration, file), text);
  write('node.crt', certificates.certificate);
  write('node.key', certificates.key);
  execFileSync(path.join(home, 'bin/elasticsearch-users'), ['useradd', ADMIN, '-p', password, '-r', 'superuser'], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH, ES_JAVA_HOME: java, ES_PATH_CONF: configuration },
  });
  const roles = rolesOfUsers('elasticsearch');
  const hash = readFileSync(path.join(configuration, 'users'), 'utf8').trim().slice(`${ADMIN}:`.length);
  write('users', lines([ADMIN, ...Object.keys(roles)].map((user) => `${user}:${hash}`)));
  write('users_roles', lines([`superuser:${ADMIN}`, ...Object.keys(roles).map((user) => `${user}:${user}`)]));
  // YAML reads JSON
  write('roles.yml', lines(Object.entries(roles).map(([role, body]) => `${role}: ${JSON.stringify(body)}`)));
  return [
    'xpack.security.enabled: true',
    'xpack.security.http.ssl.enabled: true',
    'xpack.security.http.ssl.certificate: node.crt',
    'xpack.security.http.ssl.key: node.key',
  ];
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
