/**
 * Clients that the kernel has connected and the server has not accepted: what /proc/net/tcp and
 * /proc/net/tcp6 show (proc(5)). Such a connection is established and belongs to no file yet.
 */

/**
 * Addresses of clients that wait at one of these ports, as strace prints them: `127.0.0.1:45100`.
 */
export function waitingClients(table: string, ports: ReadonlySet<number>): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, local, remote, state, , , , , , inode] = row.trim().split(/\s+/);
      if (state !== ESTABLISHED || inode !== '0') return [];
      return ports.has(portOf(local)) ? [addressOf(remote)] : [];
    });
}

/** TCP_ESTABLISHED of the kernel's list of states. */
const ESTABLISHED = '01';

function portOf(text: string): number {
  return Number.parseInt(text.slice(text.indexOf(':') + 1), 16);
}

function addressOf(text: string): string {
  const digits = text.slice(0, text.indexOf(':'));
  const words = digits.match(/.{8}/g)!.map(bytesOf);
  if (words.length === 1) return `${words[0].join('.')}:${portOf(text)}`;
  const groups = words.flatMap(([a, b, c, d]) => [(a << 8) | b, (c << 8) | d]);
  return `[${shortest(groups.map((group) => group.toString(16)))}]:${portOf(text)}`;
}

/** The kernel prints words of the address in the machine's order, which is little-endian. */
function bytesOf(word: string): number[] {
  return word
    .match(/../g)!
    .map((digits) => Number.parseInt(digits, 16))
    .reverse();
}

/** RFC 5952: the longest run of zeros, of two at least, is left out. */
function shortest(groups: readonly string[]): string {
  const text = groups.join(':');
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  if (runs.length === 0) return text;
  const [{ 0: run, index }] = runs;
  const before = text.slice(0, index).replace(/:$/, '');
  const after = text.slice(index + run.length).replace(/^:/, '');
  return `${before}::${after}`;
}
