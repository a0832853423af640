/**
 * A process that writes to a store in a memfd (descriptor 3) until it is killed, noting in another
 * (4) what it is about; Node runs it as it is, against the built store.
 */
import { writeSync } from 'node:fs';
import { attachStoreFiles, mapRegion, posix } from '../../dist/internals.js';
import { BEGUN, DONE, doWrite, KEYS, NOW, PROGRESS_WORDS, ROUND } from './killed-writes.mjs';

// A test that is cut off can't kill it: the kernel does.
posix.prctl(posix.constants.PR_SET_PDEATHSIG, posix.constants.SIGKILL);
const [files, writer, saidAfter] = process.argv.slice(2).map((text) => JSON.parse(text));
const store = attachStoreFiles(posix, { ...files, file: 3 });
const bytes = PROGRESS_WORDS * 4;
const { words } = mapRegion(posix, 4, 0, (writer + 1) * bytes);
const progress = words.subarray(writer * PROGRESS_WORDS);

for (let i = 0; ; i += 1) {
  const key = Math.floor(Math.random() * KEYS);
  const last = progress[key * 2 + BEGUN];
  // After a write that may or may not have been done, a round that does not depend on it.
  const known = last === progress[key * 2 + DONE] && last !== 0;
  const write = known ? last + 1 : (Math.floor(last / ROUND) + 1) * ROUND;
  store.begin(NOW, true, i % 10 === 0);
  Atomics.store(progress, key * 2 + BEGUN, write);
  doWrite(store, writer, key, write);
  store.end();
  Atomics.store(progress, key * 2 + DONE, write);
  if (i === saidAfter) writeSync(1, 'writing\n');
}
