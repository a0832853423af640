/**
 * A process that writes to a store in a memfd (descriptor 3) until it is killed, for tests; Node
 * runs it as it is, against the built store.
 */
import { writeSync } from 'node:fs';
import { posix } from '../../dist/posix/native.js';
import { attachStore } from '../../dist/server/store-files.js';

// A test that is cut off can't kill it: the kernel does.
posix.prctl(posix.constants.PR_SET_PDEATHSIG, posix.constants.SIGKILL);
const NOW = 1_700_000_000_000;
const store = attachStore(posix, { ...JSON.parse(process.argv[2]), file: 3 });
const value = new Uint8Array(3000).fill(97);
const saidAfter = Math.floor(Math.random() * 5000);

for (let i = 0; ; i += 1) {
  const key = Buffer.from(`key ${Math.floor(Math.random() * 2000)}`);
  store.begin(NOW, true, i % 10 === 0);
  if (i % 3 === 0) store.remove(0, key, 0, key.length);
  else store.set(0, key, 0, key.length, value, 0, Math.floor(Math.random() * 3000), -1);
  store.end();
  if (i === saidAfter) writeSync(1, 'writing\n');
}
