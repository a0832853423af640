/**
 * Stores the keys that a workload is going to ask for, through one blocking, pipelined connection.
 */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { batchOf, digitsOf, fillerOf, requestOf, writeKey } from './batch.ts';
import { keysFor } from './disturbance.ts';
import type { LoadJob } from './job.ts';
import { ReplyCounter } from './reply-counter.ts';

/**
 * Requests a batch: their replies fit into any socket buffer, so that nobody waits for the other.
 */
const FILL_PIPELINE = 256;
/** A batch of large values is cut down to about this. */
const FILL_BATCH_BYTES = 1024 ** 2;

export function fill(posix: Posix, job: LoadJob): void {
  const c = posix.constants;
  const fd = check(posix.socket(c.AF_INET, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
  try {
    check(posix.connect(fd, { family: c.AF_INET, address: job.host, port: job.port }), 'connect');
    const talk = new Talk(posix, fd);
    if (job.workload.mix.some((operation) => READING.includes(operation))) fillKeys(talk, job);
    for (const [key, lengthBytes] of keysFor(job.disturbance)) {
      talk.exchange(requestOf('SET', key, fillerOf(lengthBytes)).bytes, 1);
    }
  } finally {
    posix.close(fd);
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

class Talk {
  readonly #posix: Posix;
  readonly #fd: number;
  readonly #input = new Uint8Array(64 * 1024);
  readonly #replies = new ReplyCounter();

  constructor(posix: Posix, fd: number) {
    this.#posix = posix;
    this.#fd = fd;
  }

  /** Sends all of it and waits for so many replies. */
  exchange(bytes: Uint8Array, replies: number): void {
    const posix = this.#posix;
    const flags = posix.constants.MSG_NOSIGNAL;
    for (let at = 0; at < bytes.length; ) {
      at += check(posix.send(this.#fd, bytes, at, bytes.length - at, flags), 'send');
    }
    for (let missing = replies; missing > 0; ) {
      const got = check(posix.recv(this.#fd, this.#input, 0, this.#input.length, 0), 'recv');
      if (got === 0) throw new Error('the server closed the connection while it was filled');
      missing -= this.#replies.feed(this.#input, 0, got);
    }
    if (this.#replies.errors > 0) throw new Error('the server refused to store a key');
  }
}
