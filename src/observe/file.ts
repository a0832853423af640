/** What a descriptor is, as strace's `-yy` tells: `TCP:[127.0.0.1:6379->127.0.0.1:45100]`. */

export interface Addresses {
  /** This end: `127.0.0.1:6379`; a UNIX socket's path. '' where it is not told. */
  readonly local: string;
  /** The other end; for a UNIX socket, whose clients have no name, the number of its inode. */
  readonly remote: string;
}

const NONE: Addresses = { local: '', remote: '' };

export function addressesOf(file: string): Addresses {
  const tcp = /^TCP(?:v6)?:\[(\S+?)(?:->(\S+))?\]$/.exec(file);
  if (tcp !== null) return { local: tcp[1], remote: tcp[2] ?? '' };
  const unix = /^UNIX(?:-STREAM)?:\[\d+(?:->(\d+))?(?:,"(.*)")?\]$/.exec(file);
  if (unix !== null) return { local: unix[2] ?? '', remote: unix[1] ? `unix ${unix[1]}` : '' };
  return NONE;
}

export function isListening(file: string): boolean {
  const { local, remote } = addressesOf(file);
  return local !== '' && remote === '';
}
