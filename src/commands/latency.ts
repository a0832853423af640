/**
 * LATENCY: what took long, and when.
 * redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor
 */
import type { Call, Histogram, LatencyEvent } from './call.ts';
import { latencyGraph } from './latency-graph.ts';
import { textsFrom } from './words.ts';

export function latencyLatest({ reply, server }: Call): void {
  const events = server.latency.events();
  reply.array(events.length);
  for (const { name, samples, worstMs } of events) {
    const [at, milliseconds] = samples[samples.length - 1];
    reply.array(4);
    reply.text(name);
    reply.integer(at);
    reply.integer(milliseconds);
    reply.integer(worstMs);
  }
}

function eventArgument({ args, server }: Call): LatencyEvent | undefined {
  const name = args.text(2);
  return server.latency.events().find((event) => event.name === name);
}

export function latencyHistory(call: Call): void {
  const { reply } = call;
  const samples = eventArgument(call)?.samples ?? [];
  reply.array(samples.length);
  for (const [at, milliseconds] of samples) {
    reply.array(2);
    reply.integer(at);
    reply.integer(milliseconds);
  }
}

export function latencyReset({ args, reply, server }: Call): void {
  reply.integer(server.latency.reset(textsFrom(args, 2)));
}

export function latencyGraphOf(call: Call): void {
  const event = eventArgument(call);
  if (event === undefined) {
    return call.reply.error(`ERR No samples available for event '${call.args.text(2)}'`);
  }
  call.reply.verbatim('txt', latencyGraph(event, Math.floor(call.nowMs / 1000)));
}

export function latencyDoctor({ reply, server }: Call): void {
  if (server.config.get('latency-monitor-threshold') === '0') {
    return reply.verbatim(
      'txt',
      'Nothing is watched: CONFIG SET latency-monitor-threshold <milliseconds> begins it.\n',
    );
  }
  const events = server.latency.events();
  if (events.length === 0)
    return reply.verbatim('txt', 'Nothing took longer than the threshold.\n');
  reply.verbatim('txt', [...events.map(report), ...ADVICE].join(''));
}

function report({ name, samples, worstMs }: LatencyEvent): string {
  const sum = samples.reduce((total, [, milliseconds]) => total + milliseconds, 0);
  const average = Math.round(sum / samples.length);
  const [first] = samples[0];
  const [last] = samples[samples.length - 1];
  const period = samples.length > 1 ? Math.round((last - first) / (samples.length - 1)) : 0;
  const often = samples.length > 1 ? `, every ${period} s` : '';
  const times = `${samples.length} time${samples.length > 1 ? 's' : ''}`;
  return `${name}: ${times}${often}, ${average} ms on average, ${worstMs} ms at worst.\n`;
}

const ADVICE = [
  '\nSLOWLOG GET shows the requests that took longest. Requests over many keys (KEYS, FLUSHALL, a\n',
  'MSET of thousands) hold up all others: split them. A machine that swaps, or shares its cores,\n',
  'shows here too.\n',
];

export function latencyHistogram({ args, reply, server }: Call): void {
  const names = textsFrom(args, 2).map((name) => name.toLowerCase());
  const wanted = ({ command }: Histogram) =>
    names.length === 0 || names.some((name) => command === name || command.startsWith(`${name}|`));
  const histograms = server.latency.histograms().filter(wanted);
  reply.map(histograms.length);
  for (const { command, calls, counts } of histograms) {
    reply.text(command);
    reply.map(2);
    reply.text('calls');
    reply.integer(calls);
    reply.text('histogram_usec');
    reply.map(counts.length);
    for (const [microseconds, count] of counts) {
      reply.integer(microseconds);
      reply.integer(count);
    }
  }
}
