/** A scripted client, on a thread of its own: it blocks in its calls, and they are recorded. */
import { workerData } from 'node:worker_threads';
import { record } from '../../observe/recorder/recorder.ts';
import { check } from '../../posix/errors.ts';
import { posix as native } from '../../posix/native.ts';
import { type DemoClient, ENDED } from './demo-progress.ts';
import type { DemoStep } from './stories.ts';

const { number, host, port, recording, script, progress } = workerData as DemoClient;
const { posix, flush } = record(native, recording, `client ${number + 1}`);
const c = posix.constants;
const done = new Int32Array(progress);
const buffer = new Uint8Array(256 * 1024);
const unix = port === 0;
const family = unix ? c.AF_UNIX : host.includes(':') ? c.AF_INET6 : c.AF_INET;
let fd = -1;

/** Until another client has got so far. False: the demonstration is over. */
function waitFor({ after, pauseMs = 0 }: DemoStep): boolean {
  while (after !== undefined && done[after.client + 1] < after.steps && done[0] !== ENDED) {
    Atomics.wait(done, after.client + 1, Atomics.load(done, after.client + 1), LOOK_UP_MS);
  }
  if (pauseMs > 0) Atomics.wait(done, 0, 0, pauseMs);
  return Atomics.load(done, 0) !== ENDED;
}

/** An end of the demonstration is looked for as often. */
const LOOK_UP_MS = 100;

const ACTIONS: Readonly<Record<DemoStep['does'], (step: DemoStep) => number>> = {
  connect() {
    fd = check(posix.socket(family, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
    const address = unix ? { family, path: host } : { family, address: host, port };
    check(posix.connect(fd, address), 'connect');
    return 1;
  },
  send({ text = '' }) {
    const bytes = new TextEncoder().encode(text);
    return posix.sendmsg(fd, bytes, 0, bytes.length, c.MSG_NOSIGNAL);
  },
  receive({ bytes = 1 }) {
    let received = 0;
    while (received < bytes) {
      const count = posix.recvmsg(fd, buffer, 0, buffer.length, 0);
      if (count <= 0) return count;
      received += count;
    }
    return received;
  },
  leave: () => -1,
};

/** A server that closes the connection ends the script: the log has it. */
function play(): void {
  for (const step of script) {
    if (!waitFor(step) || ACTIONS[step.does](step) <= 0) return;
    flush();
    Atomics.add(done, number + 1, 1);
    Atomics.notify(done, number + 1);
  }
}

try {
  play();
} finally {
  if (fd >= 0) posix.close(fd);
  flush();
  // Nobody waits for a client that has gone.
  Atomics.store(done, number + 1, script.length + 1);
  Atomics.notify(done, number + 1);
}
