/**
 * What V8 is told about the heap of a thread or a process that serves. Its keys and values lie in
 * the store; its heap holds code and little else.
 */
import type { ResourceLimits } from 'node:worker_threads';

/**
 * V8 collects at once, everything and in vain, when the memory outside its heap has grown by half
 * of the heap's bound. To V8 each segment that a thread maps is such memory: with a bound of 2 GiB
 * a thread began its life with a full collection for each of its 16 segments. Half of this is more
 * than the largest store there is. It bounds nothing else: a heap takes what it needs.
 */
const OLD_GENERATION_MB = 256 * 1024;

/** For a thread. */
export const WORKER_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: OLD_GENERATION_MB };

/** The same for a process of its own. */
export const HEAP_FLAGS: readonly string[] = [`--max-old-space-size=${OLD_GENERATION_MB}`];
