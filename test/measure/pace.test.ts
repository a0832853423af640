/** When requests are due: the open loop does not wait for a server that stalls. */
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/measure/load/exchange.ts';
import { ClosedLoop, OpenLoop } from '../../src/measure/load/pace.ts';
import { Client } from '../../src/measure/load/wire.ts';

/** Notes what is sent, and from when its latency counts. */
class Recorder {
  readonly sent: { client: number; sinceMs: number }[] = [];
  timedFromMs = 0;
  onFree: Exchange['onFree'] = () => {};

  start(client: Client, sinceMs: number): void {
    this.sent.push({ client: client.index, sinceMs });
  }

  get face(): Exchange {
    return this as unknown as Exchange;
  }
}

function clients(count: number): Client[] {
  return Array.from({ length: count }, (_, index) => new Client(index));
}

describe('the open loop', () => {
  test('sends at its rate, by the clients in turn', () => {
    const recorder = new Recorder();
    const all = clients(2);
    const loop = new OpenLoop(recorder.face, all, 1000, 1);
    loop.begin(0);
    loop.pump(0);
    loop.pump(1);
    expect(recorder.sent).toEqual([
      { client: 0, sinceMs: 0 },
      { client: 1, sinceMs: 1 },
    ]);
  });

  test('counts from when a request was due, not from when somebody was free to send it', () => {
    const recorder = new Recorder();
    const [client] = clients(1);
    const loop = new OpenLoop(recorder.face, [client], 1000, 1);
    loop.begin(0);
    loop.pump(0);
    // The server answers after 50 ms: 50 requests have become due meanwhile.
    loop.pump(50);
    for (let reply = 0; reply < 3; reply++) {
      recorder.onFree(client, 50);
      loop.pump(50);
    }
    expect(recorder.sent.map(({ sinceMs }) => sinceMs)).toEqual([0, 1, 2, 3]);
    expect(loop.unsent(50)).toBe(47);
  });

  test('begins anew when its warm-up is over, whatever was left behind', () => {
    const recorder = new Recorder();
    const [client] = clients(1);
    const loop = new OpenLoop(recorder.face, [client], 1000, 1);
    loop.begin(0);
    loop.pump(0);
    loop.measure(50);
    recorder.onFree(client, 52);
    loop.pump(52);
    expect(recorder.sent.map(({ sinceMs }) => sinceMs)).toEqual([0, 50]);
    expect(recorder.timedFromMs).toBe(50);
    expect(loop.unsent(52)).toBe(2);
  });

  test('sends whole pipelines, so many times more seldom', () => {
    const recorder = new Recorder();
    const loop = new OpenLoop(recorder.face, clients(4), 16_000, 16);
    loop.begin(0);
    loop.pump(2.5);
    expect(recorder.sent.map(({ sinceMs }) => sinceMs)).toEqual([0, 1, 2]);
  });

  test('does not sleep through the last part before a request is due', () => {
    const loop = new OpenLoop(new Recorder().face, clients(2), 100, 1);
    loop.begin(0);
    expect(loop.pump(0)).toBeCloseTo(9.8);
    expect(loop.pump(9.9)).toBe(0);
  });
});

test('the closed loop sends again at once', () => {
  const recorder = new Recorder();
  const all = clients(2);
  const loop = new ClosedLoop(recorder.face, all);
  loop.begin();
  recorder.onFree(all[1], 5);
  expect(recorder.sent.map(({ client }) => client)).toEqual([0, 1, 1]);
  expect(recorder.sent[2].sinceMs).toBe(5);
});
