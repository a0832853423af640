/** Puts a session together: the addon's calls, the name service, the protocol's dialect. */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Delay, Patience } from '../../client/conversation.ts';
import type { Dialect } from '../../client/dialect.ts';
import { HttpDialect } from '../../client/http-dialect.ts';
import { Intake } from '../../client/intake.ts';
import { LineDialect } from '../../client/line-dialect.ts';
import { RespDialect } from '../../client/resp-dialect.ts';
import { Session } from '../../client/session.ts';
import { nameOfTarget, type Target } from '../../client/target.ts';
import { posix } from '../../posix/native.ts';
import { UnknownHost } from './failures.ts';
import type { ClientOptions } from './options.ts';
import { printError } from './output.ts';

export function openSession(options: ClientOptions, patience: Patience): Session {
  const intake = new Intake();
  const dialect = dialectOf(options.target, intake);
  const parts = { posix, intake, dialect, patience, lookup: addressesOf, warn: printError };
  return new Session(parts, options);
}

function dialectOf(target: Target, intake: Intake): Dialect {
  switch (target.protocol) {
    case 'line':
      return new LineDialect(intake, randomWord());
    case 'http':
      return new HttpDialect(intake, target.path === '' ? nameOfTarget(target) : 'localhost');
    default:
      return new RespDialect(intake);
  }
}

/** A word that no value is by accident. */
export function randomWord(): string {
  return randomBytes(10).toString('hex');
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true, order: 'verbatim' });
    return found.map(({ address }) => address);
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
    throw new UnknownHost(isUnknown ? 'Name or service not known' : (error as Error).message);
  }
}

export function describeDelay(why: Delay): string {
  return `${DELAYS[why]} … (Ctrl-C to give up)`;
}

const DELAYS: Readonly<Record<Delay, string>> = {
  connecting: 'connecting: no answer yet',
  'not accepted': 'connected; waiting for the server to accept',
  'no answer': 'connected; waiting for the first answer',
};

/** Waits without end: Ctrl-C ends the process as it ends any other. */
export function patient(): Patience {
  return {
    sliceMs: -1,
    now: () => performance.now(),
    slow(why) {
      if (process.stderr.isTTY) printError(describeDelay(why));
    },
    over() {},
    turn: () => Promise.resolve(),
  };
}
