/** The protocols by name: how each turns bytes into requests, and answers into bytes. */
import { LineParser, LineReply } from '../protocol/line.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { Reply } from '../protocol/reply.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { RespLimits } from '../protocol/resp-limits.ts';
import { RespParser } from '../protocol/resp-parser.ts';
import { RespReply } from '../protocol/resp-reply.ts';

/** A protocol whose requests are commands for the store. */
export interface CommandProtocol {
  /** The limits may be changed while the parser is in use. */
  createParser(limits: Readonly<RespLimits>): RequestParser;
  /** `failed` is told of every error that is answered. */
  createReply(out: ReplyBuffer, failed: (text: string) => void): Reply;
}

/** `echo` answers bytes with bytes: it has no requests, hence no entry here. */
export const COMMAND_PROTOCOLS: Readonly<Record<'resp' | 'line', CommandProtocol>> = {
  resp: {
    createParser: (limits) => new RespParser(limits),
    createReply: (out, failed) => new RespReply(out, failed),
  },
  line: {
    createParser: () => new LineParser(),
    createReply: (out, failed) => new LineReply(out, failed),
  },
};

export const PROTOCOL_NAMES = ['resp', 'line', 'echo', 'http'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
