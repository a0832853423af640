/** The protocols by name: how each turns bytes into requests, and answers into bytes. */
import { LineParser, LineReply } from '../protocol/line.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { Reply } from '../protocol/reply.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { DEFAULT_RESP_LIMITS } from '../protocol/resp-limits.ts';
import { RespParser } from '../protocol/resp-parser.ts';
import { RespReply } from '../protocol/resp-reply.ts';
import type { ServerOptions } from './options.ts';

/** A protocol whose requests are commands for the store. */
export interface CommandProtocol {
  createParser(options: ServerOptions): RequestParser;
  createReply(out: ReplyBuffer): Reply;
}

/** `echo` answers bytes with bytes: it has no requests, hence no entry here. */
export const COMMAND_PROTOCOLS: Readonly<Record<'resp' | 'line', CommandProtocol>> = {
  resp: {
    createParser: (options) =>
      new RespParser({ ...DEFAULT_RESP_LIMITS, bulkBytes: options.protoMaxBulkBytes }),
    createReply: (out) => new RespReply(out),
  },
  line: {
    createParser: () => new LineParser(),
    createReply: (out) => new LineReply(out),
  },
};

export const PROTOCOL_NAMES = ['resp', 'line', 'echo', 'http'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
