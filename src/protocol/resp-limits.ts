/**
 * What a RESP request may measure. One object is shared by all parsers and read at each request, so
 * that the server can change a limit while it runs. The values and their errors are Redis' own
 * (redis `src/networking.c`): clients and their tests know them.
 */
export interface RespLimits {
  /** `proto-max-bulk-len`: bytes of one argument. */
  bulkBytes: number;
  /** Bytes of one line without its LF (inline) or before its CR (`*…`, `$…`). */
  lineBytes: number;
  /** Arguments of one request. */
  argumentCount: number;
  /** The same two for a client that has yet to authenticate: strangers don't get to fill memory. */
  unauthenticatedBulkBytes: number;
  unauthenticatedCount: number;
}

export const DEFAULT_RESP_LIMITS: Readonly<RespLimits> = Object.freeze({
  bulkBytes: 512 * 1024 * 1024,
  lineBytes: 64 * 1024,
  argumentCount: 2 ** 31 - 1,
  unauthenticatedBulkBytes: 16_384,
  unauthenticatedCount: 10,
});
