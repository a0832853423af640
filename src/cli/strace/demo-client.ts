/** A scripted client, on a thread of its own: it blocks in its calls, and they are recorded. */
import { workerData } from 'node:worker_threads';
import { record } from '../../observe/recorder/recorder.ts';
import { check } from '../../posix/errors.ts';
import { posix as native } from '../../posix/native.ts';
import type { DemoClient } from './demo.ts';

const { name, host, port, recording, startMs, steps, leaveMs } = workerData as DemoClient;
const { posix, flush } = record(native, recording, name);
const c = posix.constants;
const buffer = new Uint8Array(4096);

function sleepUntil(afterMs: number): void {
  const leftMs = startMs + afterMs - Date.now();
  if (leftMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, leftMs);
}

sleepUntil(steps[0].atMs);
const family = host.includes(':') ? c.AF_INET6 : c.AF_INET;
const fd = check(posix.socket(family, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
check(posix.connect(fd, { family, address: host, port }), 'connect');
for (const { atMs, request } of steps) {
  sleepUntil(atMs);
  const bytes = new TextEncoder().encode(request);
  check(posix.sendmsg(fd, bytes, 0, bytes.length, c.MSG_NOSIGNAL), 'sendmsg');
  flush();
  check(posix.recvmsg(fd, buffer, 0, buffer.length, 0), 'recvmsg');
  flush();
}
sleepUntil(leaveMs);
posix.close(fd);
flush();
