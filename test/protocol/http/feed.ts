/** How the HTTP tests give bytes to a parser and read what it made of them. */
import { readFileSync } from 'node:fs';
import { packageFile } from '../../../src/paths.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '../../../src/protocol/http/limits.ts';
import { Llhttp } from '../../../src/protocol/http/llhttp.ts';
import {
  HTTP_HEAD,
  HTTP_NEED_MORE,
  HTTP_REFUSED,
  HttpParser,
} from '../../../src/protocol/http/parser.ts';
import { textOf } from '../feed.ts';

const llhttp = new Llhttp(readFileSync(packageFile('third-party/llhttp/llhttp.wasm')));

export interface Seen {
  /** `PUT /a "body"` for each whole request, `PUT /a …` for one whose body is missing. */
  requests: string[];
  /** The status of the refusal that ended the stream, 0 without one. */
  refused: number;
  message: string;
}

export function newParser(limits: Partial<HttpLimits> = {}): HttpParser {
  return new HttpParser(llhttp, { ...DEFAULT_HTTP_LIMITS, ...limits });
}

/** Parses chunks as a session does, each from a buffer that is overwritten afterwards. */
export function feedHttp(
  chunks: readonly Uint8Array[],
  limits: Partial<HttpLimits> = {},
  parser = newParser(limits),
): Seen {
  const seen: Seen = { requests: [], refused: 0, message: '' };
  for (const chunk of chunks) {
    const buffer = new Uint8Array(chunk.length + OFFSET + 2).fill(LF);
    buffer.set(chunk, OFFSET);
    takeAll(parser, buffer, OFFSET, OFFSET + chunk.length, seen);
    if (seen.refused !== 0) break;
    parser.keepBody();
    buffer.fill(LF);
  }
  return seen;
}

const OFFSET = 3;
const LF = 0x0a;

function takeAll(
  parser: HttpParser,
  input: Uint8Array,
  start: number,
  end: number,
  seen: Seen,
): void {
  let next = start;
  for (;;) {
    const event = parser.nextEvent(input, next, end);
    next = parser.next;
    if (event === HTTP_NEED_MORE) return;
    if (event === HTTP_REFUSED) {
      seen.refused = parser.refused!.status;
      seen.message = parser.refused!.message;
      return;
    }
    const { head, body } = parser;
    const line = `${head.method} ${textOf(head.target, 0, head.targetLength)}`;
    if (event === HTTP_HEAD) {
      seen.requests.push(`${line} …`);
    } else {
      seen.requests.pop();
      seen.requests.push(`${line} ${JSON.stringify(textOf(body.bytes, body.start, body.end))}`);
      parser.clear();
    }
  }
}
