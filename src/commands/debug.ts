/** DEBUG: for tests and for the curious. redis.io/docs/latest/commands/debug */
import type { Call } from './call.ts';
import { isWord, quotedText } from './words.ts';

interface Topic {
  readonly word: string;
  /** Arguments, DEBUG and the word included. */
  readonly count: number;
  readonly run: (call: Call) => void;
}

const TOPICS: readonly Topic[] = [
  { word: 'panic', count: 2, run: panic },
  { word: 'verify', count: 2, run: verify },
];

export function debug(call: Call): void {
  const { args, reply } = call;
  const topic = TOPICS.find(({ word, count }) => isWord(args, 1, word) && args.count === count);
  if (topic !== undefined) return topic.run(call);
  const word = quotedText(args, 1, 128);
  reply.error(`ERR unknown subcommand or wrong number of arguments for '${word}'. Try DEBUG HELP.`);
}

/** A bug on demand: what is to be seen is that it takes its client with it, and nobody else. */
function panic(): never {
  throw new Error('DEBUG PANIC');
}

/** Walks the whole store; OK, or what is wrong with it. */
function verify({ nowMs, reply, store }: Call): void {
  store.begin(nowMs, true, true);
  const [problem] = store.verify();
  if (problem === undefined) reply.ok();
  else reply.error(`ERR ${problem}`);
}
