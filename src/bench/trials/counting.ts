/**
 * Do threads that share one store lose an operation? Many connections increment the same few
 * counters at once, pipelined; afterwards the counters' sum is what was asked for, or it is not.
 */
import { createConnection } from 'node:net';
import { requestOf } from '../../measure/load/batch.ts';
import { ReplyCounter } from '../../measure/load/reply-counter.ts';
import { Talk } from '../../measure/load/talk.ts';
import type { Target } from '../../measure/targets/target.ts';
import type { Posix } from '../../posix/posix.ts';
import { THREADED } from '../cells.ts';
import type { Reading, Trial, TrialBench } from './trial.ts';

const LOST = 'two threads: operations lost';
const [, TWO_THREADS] = THREADED;

export const countingTrial: Trial = {
  name: 'counting',
  title: 'Increments of three counters through two threads: asked for, less counted',
  peers: [TWO_THREADS],
  goals: [{ figure: LOST, unit: 'number', comparison: '=', bound: 0 }],
  measure,
};

/** Once: an operation is lost or it is not. */
async function measure({ posix, peer }: TrialBench): Promise<Reading[]> {
  const { asked, counted } = await count(posix, peer(TWO_THREADS));
  return [{ figure: LOST, unit: 'number', values: [asked - counted] }];
}

/** More than threads, so that each thread has several. */
const CONNECTIONS = 16;
const BATCHES = 400;
/** Times each counter in a batch. */
const REPEATS = 16;
const COUNTERS: readonly string[] = ['counter:a', 'counter:b', 'counter:c'];

async function count(posix: Posix, peer: Target): Promise<{ asked: number; counted: number }> {
  const server = await peer.start();
  try {
    const clients = Array.from({ length: CONNECTIONS }, () => increment(server.port));
    const asked = (await Promise.all(clients)).reduce((a, b) => a + b, 0);
    const talk = new Talk(posix, '127.0.0.1', server.port);
    const counted = COUNTERS.map((key) => Number(talk.ask('GET', key).split('\r\n')[1]));
    talk.end();
    return { asked, counted: counted.reduce((a, b) => a + b, 0) };
  } finally {
    await server.stop();
  }
}

/** @returns how many increments were sent, once all of them are answered. */
function increment(port: number): Promise<number> {
  const words = COUNTERS.map((key) => requestOf('INCR', key).bytes);
  const batch = Buffer.concat(Array.from({ length: REPEATS }, () => words).flat());
  const total = BATCHES * REPEATS * COUNTERS.length;
  const replies = new ReplyCounter();
  return new Promise((resolve, reject) => {
    let missing = total;
    const socket = createConnection(port, '127.0.0.1', () => {
      for (let i = 0; i < BATCHES; i++) socket.write(batch);
    });
    socket.on('data', (chunk) => {
      missing -= replies.feed(chunk, 0, chunk.length);
      if (replies.errors > 0) socket.destroy(new Error('INCR was refused'));
      if (missing === 0) socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      if (missing === 0) resolve(total);
      else reject(new Error(`${missing} of ${total} increments were not answered`));
    });
  });
}
