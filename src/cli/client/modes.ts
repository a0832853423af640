/** `--pipe`, `--stat`, and `--latency` with its kin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Disconnected } from '../../client/conversation.ts';
import { LatencySpectrum, SPECTRUM_LEGEND, SPECTRUM_ROWS } from '../../client/latency-spectrum.ts';
import { insertMass, type MassResult } from '../../client/mass-insertion.ts';
import { argumentsOf } from '../../client/request.ts';
import type { Session } from '../../client/session.ts';
import {
  Latencies,
  parseInfo,
  requestsIn,
  STAT_HEADER,
  STAT_ROWS,
  statRow,
} from '../../client/statistics.ts';
import { textOf } from '../../client/value.ts';
import { posix } from '../../posix/native.ts';
import { openSession, patient, randomWord } from './open.ts';
import type { ClientOptions } from './options.ts';
import { print, printError } from './output.ts';

const STDIN = 0;
const STAT_INTERVAL_SECONDS = 1;
/** Between two samples, so that the server is not measured under a load of our own. */
const LATENCY_PAUSE_MS = 10;
/** How long a single summary samples. */
const LATENCY_SECONDS = 1;

/** Mass insertion: RESP from stdin to the server. Returns the exit status. */
export async function runPipe(options: ClientOptions): Promise<number> {
  const session = openSession(options, patient());
  await session.connect();
  const { conversation } = session;
  if (conversation === undefined) throw new Disconnected('not connected');
  const result = insertMass({
    posix,
    inputFd: STDIN,
    socket: conversation.socket,
    marker: randomWord(),
    failed: printError,
    sent: () => print('All data transferred. Waiting for the last reply...\n'),
  });
  session.disconnect();
  return tellMass(result);
}

function tellMass({ replies, errors, finished }: MassResult): number {
  if (finished) print('Last reply received from server.\n');
  else printError('No replies for 30 seconds: given up.');
  print(`errors: ${errors}, replies: ${replies}\n`);
  return finished && errors === 0 ? 0 : 1;
}

/** A row of INFO each second, until Ctrl-C or so often as `-r` says. */
export async function runStat(options: ClientOptions): Promise<number> {
  const session = openSession(options, patient());
  let requests: number | undefined;
  for (let row = 0; row !== (options.repeat ?? -1); row++) {
    if (row > 0) await sleep((options.intervalSeconds ?? STAT_INTERVAL_SECONDS) * 1000);
    const answer = await session.call(argumentsOf('INFO'));
    if (answer.failed) {
      printError(answer.error);
      return 1;
    }
    const info = parseInfo(textOf(answer.value));
    if (row % STAT_ROWS === 0) print(`${STAT_HEADER.join('\n')}\n`);
    print(`${statRow(info, requestsIn(info) - (requests ?? requestsIn(info)))}\n`);
    requests = requestsIn(info);
  }
  session.disconnect();
  return 0;
}

/** Round trips of PING: live on a terminal, else one summary of a second's samples. */
export async function runLatency(options: ClientOptions): Promise<number> {
  const session = openSession(options, patient());
  const latencies = new Latencies();
  const isLive = process.stdout.isTTY && options.style === 'standard';
  const { intervalSeconds = LATENCY_SECONDS } = options;
  const endMs = isLive ? Number.POSITIVE_INFINITY : performance.now() + intervalSeconds * 1000;
  await session.connect();
  do {
    latencies.add(await roundTripMs(session));
    if (isLive) print(`\r\x1b[K${latencies.text()}`);
    await sleep(LATENCY_PAUSE_MS);
  } while (performance.now() < endMs);
  print(`${latencies.text(SEPARATORS[options.style])}\n`);
  session.disconnect();
  return 0;
}

/** What -i is by default: seconds that a line of the history is about. */
const HISTORY_SECONDS = 15;

/** A line of round trips for every so many seconds, until Ctrl-C. */
export async function runLatencyHistory(options: ClientOptions): Promise<number> {
  const session = openSession(options, patient());
  const isLive = process.stdout.isTTY && options.style === 'standard';
  const rangeMs = (options.intervalSeconds ?? HISTORY_SECONDS) * 1000;
  const separator = SEPARATORS[options.style];
  await session.connect();
  for (;;) {
    const latencies = new Latencies();
    const startMs = performance.now();
    while (performance.now() - startMs <= rangeMs) {
      latencies.add(await roundTripMs(session));
      if (isLive) print(`\r\x1b[K${latencies.text()}`);
      await sleep(LATENCY_PAUSE_MS);
    }
    const seconds = ((performance.now() - startMs) / 1000).toFixed(2);
    print(`${isLive ? '' : latencies.text(separator)} -- ${seconds} seconds range\n`);
  }
}

const SPECTRUM_SECONDS = 1;

/** A row of colours for every second, until Ctrl-C. */
export async function runLatencyDistribution(options: ClientOptions): Promise<number> {
  const session = openSession(options, patient());
  const spectrum = new LatencySpectrum();
  const rangeMs = (options.intervalSeconds ?? SPECTRUM_SECONDS) * 1000;
  await session.connect();
  for (let row = 0; ; row++) {
    const startMs = performance.now();
    do {
      spectrum.add(await roundTripMs(session));
      await sleep(LATENCY_PAUSE_MS);
    } while (performance.now() - startMs <= rangeMs);
    if (row % SPECTRUM_ROWS === 0) print(SPECTRUM_LEGEND);
    print(spectrum.row());
  }
}

const SEPARATORS: Readonly<Record<string, string>> = { raw: ' ', csv: ',' };

async function roundTripMs(session: Session): Promise<number> {
  const startMs = performance.now();
  await session.call(argumentsOf('PING'));
  return performance.now() - startMs;
}
