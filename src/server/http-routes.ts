/** What an HTTP request is to do, decided from its head: before a byte of its body is taken. */
import type { HttpHead, HttpMethod } from '../protocol/http/head.ts';
import { type HttpRefusal, refusal } from '../protocol/http/refusal.ts';
import { type HttpResource, parseTarget, parseTtl } from '../protocol/http/target.ts';

export interface HttpPlan {
  readonly method: HttpMethod;
  readonly resource: HttpResource;
  readonly key: Uint8Array;
  /** 0: the key stays for good. */
  readonly ttlSeconds: number;
}

const KEY_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
const PAGES: readonly HttpResource[] = ['index', 'metrics', 'health'];
const PAGE_METHODS = ['GET', 'HEAD'];

/** The request's plan, or why it has none. */
export function planOf(head: HttpHead): HttpPlan | HttpRefusal {
  const { method } = head;
  if (method === '') return refusal(501, 'unknown method');
  const target = parseTarget(head.target, head.targetLength);
  if (isRefusal(target)) return target;
  const { resource, key, query } = target;
  const methods = PAGES.includes(resource) ? PAGE_METHODS : KEY_METHODS;
  if (!methods.includes(method)) {
    return refusal(405, `${method} is not for this`, methods.join(', '));
  }
  if (resource === 'none') return refusal(404, 'there are /, /keys/NAME, /metrics, /healthz');
  const refused = refusedWrite(head);
  if (refused !== undefined) return refused;
  const ttlSeconds = resource === 'key' ? ttlOf(method, query) : 0;
  return typeof ttlSeconds === 'number' ? { method, resource, key, ttlSeconds } : ttlSeconds;
}

export function isRefusal(outcome: object): outcome is HttpRefusal {
  return 'status' in outcome;
}

export function storesBody(method: HttpMethod): boolean {
  return method === 'PUT' || method === 'POST';
}

function refusedWrite(head: HttpHead): HttpRefusal | undefined {
  const { method } = head;
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (isForeign(head)) return refusal(403, 'pages of other sites may not write here');
  if (storesBody(method) && !head.hasLength) return refusal(411, 'how long is the value?');
  return undefined;
}

/**
 * Any web page can make its visitor's browser send a POST to this machine; the browser then says in
 * Origin whose page it was. Clients that are no browsers send none.
 */
function isForeign({ origin, host }: HttpHead): boolean {
  if (origin === undefined) return false;
  return (
    host === undefined || origin.toLowerCase().replace(/^https?:\/\//, '') !== host.toLowerCase()
  );
}

/** Any other query is refused: most likely it belongs to the key, and `?` was not encoded. */
function ttlOf(method: HttpMethod, query: string): number | HttpRefusal {
  if (storesBody(method) || query === '') return parseTtl(query);
  return refusal(400, 'in a key ? is written %3F');
}
