import type { Plan } from '../../queries/plan.js';
import type { FoundEpisode } from '../model/episode.js';
import { type ArpRequest, isFailed, type ServiceQuery } from '../model/observation.js';
import type { ContactRecord, Launch, ProcessEvent } from '../model/ports.js';
import type { Subject } from '../model/subject.js';
import type { Holder } from './holders.js';
import type { ToolMatch } from './tool-match.js';

/** A launch that belongs to an episode, and what it matched. */
export interface EpisodeLaunch extends Launch {
  match: ToolMatch | undefined;
}

/** All that is known of one episode when its alert is written. */
export interface EpisodeFacts {
  plan: Plan;
  subject: Subject;
  subjectKey: string;
  episode: FoundEpisode;
  /** Contacts between the episode's start and end, in time order; polling ones apart. */
  contacts: readonly ContactRecord[];
  polled: readonly ContactRecord[];
  /** Every socket of the episode goes on as polling. */
  isRecurring: boolean;
  queries: readonly ServiceQuery[];
  arps: readonly ArpRequest[];
  launches: readonly EpisodeLaunch[];
  rawSockets: readonly ProcessEvent[];
  /** Distinct names that the subject's processes looked up during the episode. */
  namesLookedUp: number;
  /** The host of a process, or the one known to hold the address. */
  holder: Pick<Holder, 'host' | 'hostName'> | undefined;
  /** The addresses that the host was seen with. */
  addresses: readonly string[];
  platform: string | null;
}

/** Contacts that tell of scanning: own targets, and what failed elsewhere. Background browsing stays out. */
export const telling = (contacts: readonly ContactRecord[]): ContactRecord[] =>
  contacts.filter((contact) => contact.scope === 'own' || isFailed(contact));

/** The source addresses that contacts came from, one for each that has one. */
export const sourcesOf = (contacts: readonly ContactRecord[]): string[] =>
  contacts.flatMap(({ source }) => (source === null ? [] : [source]));
