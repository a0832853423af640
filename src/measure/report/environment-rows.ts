/** Where and how something was measured, as names and values. */
import type { Environment } from '../environment.ts';
import { count, megabytes, percent, several, threeDigits } from './format.ts';
import type { ReportedTarget } from './report.ts';

export interface About {
  readonly environment: Environment;
  readonly settings: {
    readonly rounds: number;
    readonly durationMs: number;
    /** The longest time that a server was loaded to become warm. */
    readonly warmingMs?: number;
    /** Of the open loop, where there is one for all. */
    readonly loadShare?: number;
  };
  readonly targets: readonly ReportedTarget[];
}

export function environmentRows({ environment, settings, targets }: About): [string, string][] {
  const { cpu, cpuCount, memoryBytes, node, syskv, commit, governor } = environment;
  const { serverCpus, clientCpus } = environment;
  const pinned =
    serverCpus.length === 0
      ? 'server and load on any CPU'
      : `server on CPU ${serverCpus.join(', ')}, load on CPU ${clientCpus.join(', ')}`;
  return [
    ['date', environment.date],
    ['machine', `${cpu}, ${count(cpuCount)} CPUs, ${megabytes(memoryBytes)}`],
    ['system', `${environment.platform}, kernel ${environment.kernel}`],
    ...(governor === '' ? [] : [['CPU frequency', governor] as [string, string]]),
    ['Node', node],
    ['syskv', commit === '' ? syskv : `${syskv} (${commit})`],
    ['pinning', pinned],
    ['rounds', `${several(settings.rounds, 'round')} of ${settings.durationMs} ms, taken in turn`],
    ...warmingRow(settings.warmingMs),
    ...latencyRow(settings.loadShare),
    ...targets.filter(({ reference }) => reference).map(describe),
  ];
}

function latencyRow(share: number | undefined): [string, string][] {
  if (share === undefined) return [];
  const slowest = "the slowest one's throughput, or of a quarter of the median where that is more";
  return [['latency', `open loop at ${percent(share)} of ${slowest}`]];
}

function warmingRow(mostMs: number | undefined): [string, string][] {
  if (mostMs === undefined) return [];
  if (mostMs === 0) return [['warm-up', 'none beyond the load itself']];
  const most = `for ${threeDigits(mostMs / 1000)} s at most`;
  return [['warm-up', `until the CPU time of an operation stood still, ${most}`]];
}

function describe({ name, description }: ReportedTarget): [string, string] {
  return [name, description];
}
