/** RESP, the Redis serialization protocol: requests in, replies out. See docs/protocol.md. */
export { DEFAULT_RESP_LIMITS, type RespLimits } from './resp-limits.ts';
export { RespParser } from './resp-parser.ts';
export { RespReply } from './resp-reply.ts';
