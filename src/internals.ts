/** What tests and scripts run outside of the test runner, where nothing compiles TypeScript. */

export { HEAP_BUFFERS } from './bytes/buffers.ts';
export { Effects } from './commands/effects.ts';
export { CommandEngine } from './commands/engine.ts';
export { plainSyntax } from './commands/syntax.ts';
export { TABLE } from './commands/table.ts';
export { posix } from './posix/native.ts';
export { Arguments } from './protocol/arguments.ts';
export { ReplyBuffer } from './protocol/reply-buffer.ts';
export { RespReply } from './protocol/resp-reply.ts';
export { Board, createBoard } from './server/board.ts';
export { DEFAULT_OPTIONS } from './server/options.ts';
export { mapRegion } from './server/region.ts';
export { serve } from './server/serve.ts';
export { attachStore as attachStoreFiles } from './server/store-files.ts';
export { bufferRegion } from './store/region.ts';
export { attachStore } from './store/store.ts';
