/**
 * What an HTTP request may measure. One object is shared by all parsers and read at each request,
 * so that the server can change a limit while it runs.
 */
export interface HttpLimits {
  /** Bytes of the request target; more: 414. */
  targetBytes: number;
  /** Bytes from a request's first to the empty line that ends its fields; more: 431. */
  headBytes: number;
  /** Fields of one request; more: 431. */
  fieldCount: number;
  /** `proto-max-bulk-len`: bytes of a body; more: 413. */
  bodyBytes: number;
  /** Bytes of a chunked body between two bytes of its content, or behind the last; more: 400. */
  chunkLineBytes: number;
}

export const DEFAULT_HTTP_LIMITS: Readonly<HttpLimits> = Object.freeze({
  // RFC 9112 asks for 8000 at least. A key of 2,700 bytes fits when each byte is percent-encoded.
  targetBytes: 8 * 1024,
  // Twice what common servers allow: room for cookies of other services on the same host.
  headBytes: 64 * 1024,
  // A browser sends some 20; the cost of a field is bounded by headBytes anyway.
  fieldCount: 100,
  // The largest value of a key, as over RESP.
  bodyBytes: 512 * 1024 * 1024,
  // Chunk extensions and trailers mean nothing here: without a limit they could be sent for ever.
  chunkLineBytes: 16 * 1024,
});
