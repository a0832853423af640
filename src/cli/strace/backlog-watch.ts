/** Looks every few milliseconds for clients that nobody has accepted. */
import { readFileSync } from 'node:fs';
import { waitingClients } from '../../observe/backlog.ts';

export class BacklogWatch {
  readonly #ports = new Set<number>();
  readonly #firstSeenUs = new Map<string, number>();
  readonly #found: (address: string, sinceUs: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(found: (address: string, sinceUs: number) => void) {
    this.#found = found;
  }

  /**
   * `127.0.0.1:6379`, as a server prints what it listens on; a UNIX socket's path is left alone.
   */
  add(address: string): void {
    const port = /:(\d+)$/.exec(address)?.[1];
    if (port === undefined || process.platform !== 'linux') return;
    this.#ports.add(Number(port));
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** A connection seen twice waits: in between, a server that is awake would have accepted. */
  #look(): void {
    const now = nowUs();
    const waiting = new Set(TABLES.flatMap((path) => waitingClients(read(path), this.#ports)));
    for (const address of waiting) {
      const since = this.#firstSeenUs.get(address);
      if (since !== undefined && now - since > WAITS_AFTER_US) this.#found(address, since);
      else if (since === undefined) this.#firstSeenUs.set(address, now);
    }
    for (const address of this.#firstSeenUs.keys()) {
      if (!waiting.has(address)) this.#firstSeenUs.delete(address);
    }
  }
}

/** Microseconds since 1970, as the log has them. */
export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** So exactly the moment of connecting is known. */
const LOOK_EVERY_MS = 10;
/** An event loop under strace takes some milliseconds for a turn. */
const WAITS_AFTER_US = 60_000;
