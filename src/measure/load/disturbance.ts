/** One more client, which behaves badly or asks for much: what do the others notice of it? */
import { HEAVY_BYTES, HEAVY_KEYS, requestOf } from './batch.ts';
import type { Exchange } from './exchange.ts';
import type { Disturbance } from './job.ts';
import type { Client, Wire } from './wire.ts';

/** The value that the slow reader asks for: more than the kernel keeps for one connection. */
export const SLOW_KEY = 'slow:value';
export const SLOW_BYTES = 16 * 1024 ** 2;
/** It takes 100 KiB a second: it does read, and it is never done while it is measured. */
const SLOW_READ_BYTES = 1024;
const SLOW_EVERY_MS = 10;

/** What is stored for a disturbance before it begins, beyond the load's own keys. */
export function keysFor(
  kind: Disturbance,
): ReadonlyArray<readonly [key: string, lengthBytes: number]> {
  if (kind === 'slow-reader') return [[SLOW_KEY, SLOW_BYTES]];
  if (kind === 'heavy-command') return HEAVY_KEYS.map((key) => [key, HEAVY_BYTES]);
  return [];
}

/** What goes on beside the load, looked after between two waits. */
export type Tick = (nowMs: number) => void;

/**
 * @param client is connected and has been answered once.
 */
export function disturb(kind: Disturbance, wire: Wire, exchange: Exchange, client: Client): Tick {
  if (kind === 'heavy-command') {
    client.own = requestOf('LCS', ...HEAVY_KEYS, 'LEN');
    exchange.start(client, 0);
    return () => {};
  }
  wire.ignore(client);
  if (kind === 'half-request') {
    wire.send(client, HALF_REQUEST);
    return () => {};
  }
  wire.send(client, requestOf('GET', SLOW_KEY).bytes);
  return readSlowly(wire, client);
}

function readSlowly(wire: Wire, client: Client): Tick {
  let nextMs = 0;
  return (nowMs) => {
    if (nowMs < nextMs) return;
    nextMs = nowMs + SLOW_EVERY_MS;
    wire.receive(client, SLOW_READ_BYTES);
  };
}

const HALF_REQUEST = requestOf('SET', 'half', 'value').bytes.slice(0, 20);
