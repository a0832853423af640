/**
 * What a request is about: the resource that its target names, and the key and the options in it.
 * Targets: RFC 9112, 3.2. Percent-encoding: RFC 3986, 2.1.
 */
import { type HttpRefusal, refusal } from './refusal.ts';

export type HttpResource = 'index' | 'metrics' | 'health' | 'key' | 'none';

const PAGES: ReadonlyMap<string, HttpResource> = new Map([
  ['/', 'index'],
  ['/metrics', 'metrics'],
  ['/healthz', 'health'],
]);
const KEYS = '/keys/';

export interface HttpTarget {
  readonly resource: HttpResource;
  /** The key's bytes; empty for other resources. */
  readonly key: Uint8Array;
  /** What stands behind the question mark, as it was sent; '' for none. */
  readonly query: string;
}

/** Reads `bytes[0, length)`; a refusal where it is no target of an http server. */
export function parseTarget(bytes: Uint8Array, length: number): HttpTarget | HttpRefusal {
  const text = textOf(bytes, length);
  if (text.includes('#')) return refusal(400, 'a target has no fragment');
  const [target, query] = cutAt(withoutOrigin(text), '?');
  // `*` of OPTIONS and `host:port` of CONNECT name the server, not a resource of it.
  if (!target.startsWith(KEYS)) {
    return { resource: PAGES.get(target) ?? 'none', key: NO_KEY, query };
  }
  const key = percentDecoded(target.slice(KEYS.length));
  if (key === undefined) return refusal(400, 'a percent sign needs two hex digits behind it');
  return { resource: key.length === 0 ? 'none' : 'key', key, query };
}

const NO_KEY = new Uint8Array(0);
const ABSOLUTE_FORM = /^http:\/\/([^/?]*)/i;
const SLASH = 0x2f;

/** The host that a target of `http://host:port/path` names; undefined for any other target. */
export function authorityOf(bytes: Uint8Array, length: number): string | undefined {
  if (bytes[0] === SLASH) return undefined;
  return ABSOLUTE_FORM.exec(textOf(bytes, length))?.[1];
}

function textOf(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** `http://host/path`, as clients ask a proxy, is `/path` to the server itself. */
function withoutOrigin(text: string): string {
  if (!ABSOLUTE_FORM.test(text)) return text;
  const path = text.replace(ABSOLUTE_FORM, '');
  return path.startsWith('/') ? path : `/${path}`;
}

function cutAt(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const PERCENT = 0x25;
const TWO_HEX_DIGITS = /^[0-9A-Fa-f]{2}$/;

/** A plus stays a plus: it means a space in forms only. */
function percentDecoded(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let byte = text.charCodeAt(i);
    if (byte === PERCENT) {
      const digits = text.slice(i + 1, i + 3);
      if (!TWO_HEX_DIGITS.test(digits)) return undefined;
      byte = Number.parseInt(digits, 16);
      i += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** The `ttl=seconds` of a query, in seconds; 0 for an empty query. */
export function parseTtl(query: string): number | HttpRefusal {
  if (query === '') return 0;
  const seconds = /^ttl=([0-9]{1,15})$/.exec(query)?.[1];
  if (seconds === undefined || Number(seconds) === 0) {
    return refusal(400, 'the one option is ?ttl=seconds, at least 1');
  }
  return Number(seconds);
}
