import { test } from 'node:test';
import { needsEngine } from '../../engines.js';
import { authContract } from './auth-contract.js';
import { doctorByRoles } from './doctor-by-roles.js';
import type { SecureName } from './secure.js';
import { setUpByRoles } from './setup-by-roles.js';
import { tlsContract } from './tls-contract.js';

/** What holds on an engine with security on, with the roles that are shipped. */
export function securityContract(name: SecureName): void {
  const { skip } = needsEngine(name);
  if (skip !== undefined) {
    test(`${name}: everything`, { skip }, () => undefined);
    return;
  }
  tlsContract(name);
  authContract(name);
  doctorByRoles(name);
  setUpByRoles(name);
}
