/**
 * Eight clients that never stop sending, and thirty that ask one thing: who is served when? Judged
 * by what the sessions were given in which order, so that no clock has a say.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Driver, Session } from '../../src/drivers/driver.ts';
import { ioUring, probeIoUring } from '../../src/drivers/io-uring.ts';
import * as epoll from '../../src/drivers/pollers/epoll.ts';
import * as poll from '../../src/drivers/pollers/poll.ts';
import * as select from '../../src/drivers/pollers/select.ts';
import { readiness } from '../../src/drivers/readiness.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { skip } from '../support/tools.ts';
import { KERNELS, RELUCTANT_KERNELS, TINY_RINGS } from './kernels.ts';
import { serveClients } from './serve-clients.ts';

const FLOODERS = 8;
const ASKERS = 30;
const FLOOD_BYTES = 3_000_000;
const KIBIBYTE = 1024;
/** What one client may be given before everybody else has had a turn: two reads and a bit. */
const TURN_BYTES = 160 * KIBIBYTE;

/** What each client was given, in the order in which it happened. */
class Account {
  /** A client that was opened is given nothing at first. */
  readonly servings: { client: number; bytes: number }[] = [];
  #clients = 0;

  /** Says one thing to each piece. */
  readonly session = (): Session => {
    const client = this.#clients++;
    const { servings } = this;
    servings.push({ client, bytes: 0 });
    return {
      receive(_input, start, end, out) {
        servings.push({ client, bytes: end - start });
        out.bytes[out.length++] = '.'.charCodeAt(0);
      },
      end() {},
      closing: false,
      lingering: false,
      paused: false,
    };
  };

  /** What each flooder was given from one serving to another. */
  shares(from = 0, to = this.servings.length): number[] {
    const shares: number[] = new Array(FLOODERS).fill(0);
    for (const { client, bytes } of this.servings.slice(from, to)) {
      if (client < FLOODERS) shares[client] += bytes;
    }
    return shares;
  }

  /** The most that any flooder was given between a client's opening and its first bytes. */
  aheadOf(client: number): number {
    const opened = this.servings.findIndex((serving) => serving.client === client);
    const given = this.servings.findIndex(
      (serving) => serving.client === client && serving.bytes > 0,
    );
    return Math.max(...this.shares(opened, given));
  }

  /** How many servings it took for so many bytes to be given out. */
  servingsOf(wanted: number): number {
    let given = 0;
    let count = 0;
    while (given < wanted) given += this.servings[count++].bytes;
    return count;
  }
}

async function flood(driver: Driver, kernel: Posix): Promise<Account> {
  const account = new Account();
  const { session } = account;
  const outcome = await serveClients(driver, { posix: kernel, scenario: 'floods', session });
  expect(outcome).toMatchObject({ complaints: '', stuck: false, opened: FLOODERS + ASKERS });
  expect(account.shares()).toEqual(new Array(FLOODERS).fill(FLOOD_BYTES));
  return account;
}

/** A burst of 300 new clients does not keep the first one waiting until all of them are open. */
async function expectBurstInParts(driver: Driver, kernel: Posix): Promise<void> {
  const { servings, session } = new Account();
  const outcome = await serveClients(driver, { posix: kernel, scenario: 'bursts', session });
  expect(outcome).toMatchObject({ complaints: '', stuck: false, opened: 301 });
  expect(servings.findIndex(({ bytes }) => bytes > 0)).toBeLessThan(150);
}

function expectFairness(account: Account, turnBytes = TURN_BYTES): void {
  for (let client = 0; client < FLOODERS + ASKERS; client++) {
    expect(account.aheadOf(client)).toBeLessThan(turnBytes);
  }
  for (const part of [0.2, 0.4, 0.6]) {
    const shares = account.shares(0, account.servingsOf(part * FLOODERS * FLOOD_BYTES));
    const mean = shares.reduce((a, b) => a + b) / FLOODERS;
    expect(Math.min(...shares)).toBeGreaterThan(mean / 3);
  }
}

const URINGS = [
  ...[...KERNELS, { kernel: 'rings of 4 and 8 entries', posix: TINY_RINGS }].map((each) => ({
    ...each,
    turnBytes: TURN_BYTES,
  })),
  // A client can't be given anything before its entry is taken.
  ...RELUCTANT_KERNELS.map((each) => ({ ...each, turnBytes: 2 * TURN_BYTES })),
];

describe.each(URINGS)('io_uring with $kernel', ({ posix: kernel, turnBytes }) => {
  beforeEach((context) => {
    const reason = probeIoUring(posix);
    if (reason !== '') skip(context, reason);
  });

  test('serves everybody in turn', async () => {
    expectFairness(await flood(ioUring, kernel), turnBytes);
  });

  test('opens a burst of new clients in parts', async () => {
    await expectBurstInParts(ioUring, kernel);
  });
});

const POLLERS = [
  { name: 'select', create: select.create },
  { name: 'poll', create: poll.create },
  { name: 'epoll', create: epoll.create },
  { name: 'epoll-et', create: epoll.createEdgeTriggered },
];

describe.each(POLLERS)('$name', ({ create }) => {
  test('serves everybody in turn', async () => {
    expectFairness(await flood(readiness(create), posix));
  });

  test('opens a burst of new clients in parts', async () => {
    await expectBurstInParts(readiness(create), posix);
  });
});
