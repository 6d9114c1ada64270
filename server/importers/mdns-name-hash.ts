/**
 * mDNSResponder hides the names it is asked for in the unified log, and tells a hash of each: 32-bit FNV-1a over the
 * name in wire form, lower case (seen to hold for names of the public DNS: www.wikipedia.org is 818588a2). A hash tells
 * names apart, and those that everybody knows can be told from it.
 */

/** Service types that devices and programs have in common; the transport is TCP where none stands. */
const TYPES = `
  acp-sync adisk afpovertcp airplay airport amzn-alexa amzn-wplay androidtvremote2 apple-mobdev apple-mobdev2 appletv-v2
  bp2p companion-link daap dacp device-info distcc dns-llq dns-sd dpap eppc esphomelib fax-ipp ftp git googlecast
  googlezone hap home-sharing homekit http http-alt https hue ica-networking ica-networking2 ipp ipps jabber jenkins
  kerberos ldap matter mediaremotetv mongodb mqtt mysql net-assistant nfs nvstream octoprint od-master
  pdl-datastream plexmediasvr postgresql presence printer privet ptp raop rdlink rdp redis remotepairing rfb rsp rsync
  scanner servermgr sftp-ssh sip smb sonos spotify-connect ssh svn teamviewer telnet touch-able uscan uscans vnc webdav
  webdavs workstation xmpp-client xmpp-server xserveraid
  coap._udp hap._udp kerberos._udp matterc._udp meshcop._udp nfs._udp ntp._udp osc._udp sip._udp sleep-proxy._udp
  tftp._udp trel._udp
`;

const META_QUERY = '_services._dns-sd._udp';

/** Types with and without the domain of the link: which of them is hashed depends on the kind of request. */
const names = TYPES.trim()
  .split(/\s+/)
  .map((type) => (type.includes('.') ? `_${type}` : `_${type}._tcp`))
  .concat(META_QUERY)
  .flatMap((type) => [type, `${type}.local`]);

export function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  const add = (byte: number) => {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  };
  for (const label of name.toLowerCase().split('.')) {
    const bytes = Buffer.from(label);
    add(bytes.length);
    bytes.forEach(add);
  }
  add(0);
  return hash;
}

const known: ReadonlyMap<number, string> = new Map(names.map((name) => [nameHash(name), name]));

/**
 * The name behind a hash as the log writes it: hexadecimal, or since macOS 26 as `<dn:…>`, four bytes in base64, whose
 * order Apple's formatter keeps to itself.
 */
export function nameOfHash(text: string): string | undefined {
  if (/^[\da-f]{1,8}$/i.test(text)) return known.get(Number.parseInt(text, 16));
  const encoded = /^<dn:([\w+/]{6})>$/.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return known.get(bytes.readUInt32BE()) ?? known.get(bytes.readUInt32LE());
}
