/** What the models are put through: each scenario asks one question. */
import type { LoadJob } from './load/job.ts';

export type Shape = Pick<
  LoadJob,
  'workload' | 'connections' | 'idle' | 'pipeline' | 'reconnect' | 'disturbance'
>;

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The question, in a sentence. */
  readonly question: string;
  /** Part of a quick comparison. */
  readonly quick: boolean;
  readonly shape: Shape;
}

/** Half SET, half GET, 32 bytes, keys that stay in the CPU's caches: the I/O is what differs. */
const PLAIN: Shape = {
  workload: { mix: ['SET', 'GET'], valueBytes: 32, keys: 10_000, distribution: 'uniform' },
  connections: 10,
  idle: 0,
  pipeline: 1,
  reconnect: false,
  disturbance: 'none',
};

const LARGE_VALUE_BYTES = 64 * 1024;

export const SCENARIOS: readonly Scenario[] = [
  scenario(
    'one-client',
    'One client',
    'What does one request cost, with nobody else there?',
    true,
    {
      connections: 1,
    },
  ),
  scenario('50-clients', '50 clients', 'What do fifty busy clients get?', true, {
    connections: 50,
  }),
  scenario(
    '50-pipelined',
    '50 clients, pipelines of 16',
    'What is left when a system call carries sixteen requests?',
    true,
    { connections: 50, pipeline: 16 },
  ),
  scenario(
    '1000-clients',
    '1,000 clients',
    'Does the model carry a thousand busy clients?',
    false,
    {
      connections: 1000,
    },
  ),
  idle(10, false),
  idle(100, false),
  idle(1000, true),
  idle(9990, false),
  scenario(
    'slow-reader',
    'One slow reader',
    'One client asks for 16 MiB and reads 100 KiB a second: do ten others notice?',
    false,
    { disturbance: 'slow-reader' },
  ),
  scenario(
    'half-request',
    'One client stops in mid-request',
    'One client sends half a request and no more: do ten others notice?',
    true,
    { disturbance: 'half-request' },
  ),
  scenario(
    'reconnect',
    'Connect, request, close',
    'What does a connection cost that carries one request?',
    false,
    { reconnect: true },
  ),
  scenario('large-values', 'Values of 64 KiB', 'What do large values cost?', false, {
    workload: { ...PLAIN.workload, valueBytes: LARGE_VALUE_BYTES, keys: 100 },
  }),
  scenario(
    'heavy-command',
    'One client asks for much',
    'One client sends LCS over two values of 1 KiB, again and again: how long do ten others wait?',
    false,
    { disturbance: 'heavy-command' },
  ),
];

/** The scenarios that form the curve of throughput against idle connections. */
export function idleOf({ name, shape }: Scenario): number | null {
  return name.startsWith('idle-') ? shape.idle : null;
}

function idle(count: number, quick: boolean): Scenario {
  const number = count.toLocaleString('en-US');
  const question = `Ten clients are busy: do they notice ${number} that are connected and silent?`;
  return scenario(`idle-${count}`, `${number} idle, 10 active`, question, quick, { idle: count });
}

function scenario(
  name: string,
  title: string,
  question: string,
  quick: boolean,
  shape: Partial<Shape>,
): Scenario {
  return { name, title, question, quick, shape: { ...PLAIN, ...shape } };
}
