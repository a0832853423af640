import type { HttpLimits } from './limits.ts';

/** A request that gets an error for an answer, and what becomes of the connection. */
export interface HttpRefusal {
  readonly status: number;
  /** One line for the reader of the answer. */
  readonly message: string;
  /** For 405: the methods that the resource has. */
  readonly allow: string;
}

export function refusal(status: number, message: string, allow = ''): HttpRefusal {
  return { status, message, allow };
}

export const SPOKEN_VERSIONS = 'HTTP/1.1 and HTTP/1.0 are spoken here';

export function tooLarge({ bodyBytes }: Readonly<HttpLimits>): HttpRefusal {
  return refusal(413, `a value has at most ${bodyBytes} bytes`);
}
