import { errors } from '@elastic/elasticsearch';

/** What OpenSSL and Node say of a certificate that is not trusted, not the host's or not valid now, and of no TLS at all. */
const SAID = /certificate|altnames|SSL routines/i;

/** Why no secure connection could be made, on one line; undefined where it did not fail by that. */
export function tlsTrouble(error: unknown): string | undefined {
  if (!(error instanceof errors.ConnectionError) || !SAID.test(error.message)) return undefined;
  if (error.message.includes('wrong version number')) return 'it does not speak TLS';
  return error.message.replace(/\s+/g, ' ').trim().slice(0, 200);
}
