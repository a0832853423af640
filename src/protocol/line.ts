/** The line protocol, for people with `nc`: requests in, replies out. See docs/protocol.md. */
export { LineParser } from './line-parser.ts';
export { LineReply } from './line-reply.ts';
