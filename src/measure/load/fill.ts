/**
 * Stores the keys that a workload is going to ask for, through one blocking, pipelined connection.
 */
import type { Posix } from '../../posix/posix.ts';
import { batchOf, digitsOf, fillerOf, requestOf, writeKey } from './batch.ts';
import { keysFor } from './disturbance.ts';
import type { LoadJob } from './job.ts';
import { Talk } from './talk.ts';

/**
 * Requests a batch: their replies fit into any socket buffer, so that nobody waits for the other.
 */
const FILL_PIPELINE = 256;
/** A batch of large values is cut down to about this. */
const FILL_BATCH_BYTES = 1024 ** 2;

export function fill(posix: Posix, job: LoadJob): void {
  const talk = new Talk(posix, job.host, job.port);
  try {
    if (job.workload.mix.some((operation) => READING.includes(operation))) fillKeys(talk, job);
    for (const [key, lengthBytes] of keysFor(job.disturbance)) {
      talk.exchange(requestOf('SET', key, fillerOf(lengthBytes)).bytes, 1);
    }
  } finally {
    talk.end();
  }
}

const READING: readonly string[] = ['GET', 'MGET'];

function fillKeys(talk: Talk, { workload }: LoadJob): void {
  const { keys, valueBytes } = workload;
  const affordable = Math.max(1, Math.floor(FILL_BATCH_BYTES / valueBytes));
  const size = Math.min(FILL_PIPELINE, affordable, keys);
  const batch = batchOf(new Array(size).fill('SET'), valueBytes);
  const digits = digitsOf(keys);
  for (let first = 0; first < keys; first += size) {
    // The last batch stores a few keys again rather than being of another size.
    const begin = Math.min(first, keys - size);
    for (let i = 0; i < size; i++) writeKey(batch.bytes, batch.keyEnds[i], begin + i, digits);
    talk.exchange(batch.bytes, size);
  }
}
