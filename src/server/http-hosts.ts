/**
 * By which names this server may be asked over HTTP. A web page can let the name of its own site
 * stand for 127.0.0.1 (DNS rebinding): its visitor's browser then takes the server for that site,
 * and lets the page read and write every key. The browser says in Host by which name it came; a
 * page can't make it say the name of this machine, or an address.
 */
import { isIP } from 'node:net';
import type { HttpHead } from '../protocol/http/head.ts';
import { authorityOf } from '../protocol/http/target.ts';
import type { Endpoint } from './options.ts';
import { isLoopback } from './protected-mode.ts';

type Asked = Pick<HttpHead, 'host' | 'origin' | 'fetchSite' | 'target' | 'targetLength'>;

export class HttpHosts {
  /** No web page reaches a UNIX socket. */
  readonly #checks: boolean;
  readonly #bound: string;
  readonly #names: ReadonlySet<string>;
  /** The Host that was allowed last: a client asks for the same one again and again. */
  #allowed = 'localhost';

  /** `names`: those that `--http-host` has given. */
  constructor({ bind, path }: Pick<Endpoint, 'bind' | 'path'>, names: readonly string[]) {
    this.#checks = path === '';
    this.#bound = nameIn(bind.includes(':') ? `[${bind}]` : bind);
    this.#names = new Set(names.map(nameIn));
  }

  /**
   * Whether a request of this head is answered. One of HTTP/1.0 may have no Host, but then no
   * browser's field either.
   */
  admits(head: Asked): boolean {
    if (!this.#checks) return true;
    const { host, origin, fetchSite } = head;
    if (host === undefined && (origin !== undefined || fetchSite !== undefined)) return false;
    if (host !== undefined && host !== this.#allowed && !this.#knows(host)) return false;
    // Of a whole URI as the target, its host counts (RFC 9112, 3.2.2).
    const authority = authorityOf(head.target, head.targetLength);
    return authority === undefined || this.#knows(authority);
  }

  #knows(host: string): boolean {
    const name = nameIn(host);
    if (!this.#isOurs(name)) return false;
    this.#allowed = host;
    return true;
  }

  #isOurs(name: string): boolean {
    if (name === 'localhost' || name.endsWith('.localhost') || this.#names.has(name)) return true;
    if (isIP(name) === 0) return false;
    return isWildcard(this.#bound) || name === this.#bound || isLoopback(name);
  }
}

/** Whether all addresses of the machine are listened on. */
function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/**
 * Without port, brackets, case and final dot, an IPv6 address in its shortest form; '' where the
 * brackets hold no address.
 */
function nameIn(host: string): string {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  if (!name.startsWith('[')) return name.replace(/\.$/, '');
  const address = name.slice(1, -1).replace(/%.*/, '');
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : '';
}
