/** Where and how a comparison was made, as names and values. */
import { count, megabytes, percent } from './format.ts';
import type { Report } from './report.ts';

export function environmentRows({ environment, settings, targets }: Report): [string, string][] {
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
    ['rounds', `${settings.rounds} of ${settings.durationMs} ms each, taken in turn`],
    ['latency', `open loop at ${percent(settings.loadShare)} of the slowest one's throughput`],
    ...targets.filter(({ reference }) => reference).map(describe),
  ];
}

function describe({ name, description }: Report['targets'][number]): [string, string] {
  return [name, description];
}
