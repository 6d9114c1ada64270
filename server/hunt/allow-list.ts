import ipaddr from 'ipaddr.js';
import type { Plan } from '../../queries/plan.js';
import { AddressSet } from '../model/address.js';
import { globs } from './globs.js';

/** What is known of an episode's origin when it is held against the allow lists. */
export interface Origin {
  executables: readonly string[];
  addresses: readonly string[];
  hosts: readonly string[];
}

/**
 * The allow list that silences an origin, or undefined. Allow lists never filter what is read: the episode is found and
 * counted as silenced.
 */
export function allowLists(plan: Plan): (origin: Origin) => 'KnownScannerExeList' | 'ExpectedScanSources' | undefined {
  const isKnownScanner = globs(plan.tunables.KnownScannerExeList as readonly string[]);
  const sources = plan.tunables.ExpectedScanSources as readonly string[];
  const isAddress = (text: string) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
  const addresses = new AddressSet(sources.filter(isAddress));
  const hosts = new Set(sources.filter((text) => !isAddress(text)).map((name) => name.toLowerCase()));
  return (origin) => {
    if (origin.executables.some(isKnownScanner)) return 'KnownScannerExeList';
    if (origin.addresses.some((address) => addresses.has(address))) return 'ExpectedScanSources';
    return origin.hosts.some((host) => hosts.has(host.toLowerCase())) ? 'ExpectedScanSources' : undefined;
  };
}
