/**
 * Commands in HTTP's words: `GET name`, `SET name value EX 10`, `DEL name`, `EXISTS name`, and as
 * it is sent: `GET /metrics`, `PUT /keys/name value`.
 */
import { RequestError } from './dialect.ts';
import { concatenate } from './request.ts';

const METHODS: Readonly<Record<string, string>> = {
  GET: 'GET',
  HEAD: 'HEAD',
  EXISTS: 'HEAD',
  PUT: 'PUT',
  POST: 'POST',
  SET: 'PUT',
  DELETE: 'DELETE',
  DEL: 'DELETE',
};
const USAGE = 'HTTP knows GET, SET (PUT), DEL (DELETE), EXISTS (HEAD) of a key or a /path';

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

/** @throws RequestError where HTTP has no word for it. */
export function encodeHttpRequest(args: readonly Uint8Array[], host: string): Uint8Array {
  const method = METHODS[text(args[0]).toUpperCase()];
  if (method === undefined) throw new RequestError(USAGE);
  const writes = method === 'PUT' || method === 'POST';
  if (args.length < (writes ? 3 : 2)) throw new RequestError(USAGE);
  const target = targetOf(args[1]) + queryOf(args.slice(writes ? 3 : 2));
  const body = writes ? args[2] : new Uint8Array(0);
  const length = writes ? `Content-Length: ${body.length}\r\n` : '';
  const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${length}\r\n`;
  return concatenate([encoder.encode(head), body]);
}

/** A path as it is; a key behind /keys/, its bytes percent-encoded. */
function targetOf(argument: Uint8Array): string {
  if (text(argument).startsWith('/')) {
    if (/[^\x21-\x7e]/.test(text(argument))) throw new RequestError('a path is plain ASCII');
    return text(argument);
  }
  const isUnreserved = (byte: number) => /[A-Za-z0-9._~:-]/.test(String.fromCharCode(byte));
  const encoded = [...argument].map((byte) =>
    isUnreserved(byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `/keys/${encoded.join('')}`;
}

/** `EX seconds` as SET has it. */
function queryOf(options: readonly Uint8Array[]): string {
  if (options.length === 0) return '';
  const [word, seconds] = options.map(text);
  if (options.length !== 2 || word.toUpperCase() !== 'EX' || !/^\d+$/.test(seconds)) {
    throw new RequestError(USAGE);
  }
  return `?ttl=${seconds}`;
}

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
