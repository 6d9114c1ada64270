import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { enginesFolder } from './folder.js';

/** An authority, and what it certified for servers on 127.0.0.1; all PEM. */
export interface Certificates {
  ca: string;
  certificate: string;
  /** PKCS 8, which every engine reads. */
  key: string;
}

/** Made by Elasticsearch's own tool, once on a machine; good for three years. */
export function certificates(elasticsearch: string, java: string): Certificates {
  const folder = path.join(enginesFolder(), 'certificates');
  if (!existsSync(folder)) {
    const part = `${folder}.part`; // renamed when whole
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true, mode: 0o700 });
    make(part, path.join(elasticsearch, 'bin/elasticsearch-certutil'), java);
    renameSync(part, folder);
  }
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  return {
    ca: read('ca/ca.crt'),
    certificate: read('node/node.crt'),
    key: createPrivateKey(read('node/node.key')).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function make(folder: string, certutil: string, java: string): void {
  const certify = (archive: string, ...given: string[]) => {
    const out = path.join(folder, archive);
    execFileSync(certutil, [...given, '--pem', '--silent', '--out', out], {
      stdio: 'pipe',
      env: { PATH: process.env.PATH, ES_JAVA_HOME: java },
    });
    execFileSync(path.join(java, 'bin/jar'), ['xf', out], { cwd: folder });
  };
  certify('ca.zip', 'ca');
  const by = ['--ca-cert', path.join(folder, 'ca/ca.crt'), '--ca-key', path.join(folder, 'ca/ca.key')];
  certify('node.zip', 'cert', ...by, '--ip', '127.0.0.1', '--name', 'node');
}
