/**
 * A process, or a thread, that runs requests on a store in a memfd and takes down their effects in
 * another one that all share. Node runs it as it is, against the built engine.
 */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import {
  Arguments,
  attachStoreFiles,
  CommandEngine,
  Effects,
  HEAP_BUFFERS,
  mapRegion,
  posix,
  ReplyBuffer,
  RespReply,
  TABLE,
} from '../../dist/internals.js';

const START_MS = 1_700_000_000_000;
/** Of these clocks' time a step takes so much that some of the keys expire on the way. */
const STEP_MS = 1000;
const MOST_COUNTERS = 100_000;

const { files, logFile, logBytes, requests } = isMainThread
  ? JSON.parse(readFileSync(0, 'utf8'))
  : workerData;
const store = attachStoreFiles(posix, files);
const { bytes: logged, words: logWords } = mapRegion(posix, logFile, 0, logBytes);
const out = new ReplyBuffer();

/** Word 0 is the end of the log; a record is its length, and what it is as JSON. */
const sink = {
  append(database, { bytes, starts, ends, count }) {
    const words = Array.from({ length: count }, (_, i) =>
      Buffer.from(bytes.subarray(starts[i], ends[i])).toString('latin1'),
    );
    const record = Buffer.from(JSON.stringify({ database, words }));
    const at = Atomics.add(logWords, 0, 4 + Math.ceil(record.length / 4) * 4) + 4;
    logWords[at / 4] = record.length;
    logged.set(record, at + 4);
  },
};

const call = {
  args: new Arguments(),
  reply: new RespReply(out),
  store,
  client: { database: 0, replies: 0, authenticated: true, commands: 0, noTouch: false },
  server: { databases: 16, password: '', config: { get: () => '536870912' }, random: Math.random },
  buffers: HEAP_BUFFERS,
  nowMs: START_MS,
  command: undefined,
  tally: { counts: new Float64Array(MOST_COUNTERS) },
  effects: new Effects(store, sink),
  inTransaction: false,
  runQueued() {},
};
const observer = {
  isFine: false,
  before() {},
  after() {},
  failed(_call, error) {
    throw error;
  },
};
const engine = new CommandEngine({ call, out, pause: { isOn: false }, observer });

for (const words of requests) {
  const { args } = call;
  args.clear();
  args.bytes = Buffer.from(words.join(''), 'latin1');
  let start = 0;
  for (const word of words) {
    args.push(start, start + word.length);
    start += word.length;
  }
  engine.run(TABLE.lookup(args));
  store.end();
  out.clear();
  call.nowMs += STEP_MS;
}
store.close();
parentPort?.postMessage('done');
