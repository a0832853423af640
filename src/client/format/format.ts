/** Replies as they are shown: four ways, as redis-cli 7.0 words them. */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';
import type { Value } from '../value.ts';
import { appendCsv } from './csv.ts';
import { appendJson } from './json.ts';
import { appendRaw } from './raw.ts';
import { appendStandard } from './standard.ts';

export type OutputStyle = 'standard' | 'raw' | 'csv' | 'json';

/** Of raw replies: what stands between the elements of one, and behind each. */
export interface Delimiters {
  readonly between: string;
  readonly behind: string;
}

export const LINES: Delimiters = { between: '\n', behind: '\n' };

/** Appends a reply and its line's end. */
export function appendReply(
  out: ReplyBuffer,
  value: Value,
  style: OutputStyle,
  delimiters = LINES,
): void {
  switch (style) {
    case 'standard':
      return appendStandard(out, value);
    case 'raw':
      appendRaw(out, value, delimiters.between);
      return out.appendText(delimiters.behind);
    case 'csv':
      appendCsv(out, value);
      return out.appendText('\n');
    case 'json':
      appendJson(out, value);
      return out.appendText('\n');
  }
}

/**
 * Commands whose reply is a text for people with line ends of its own: shown as it came, always.
 */
const TEXTS: readonly string[] = [
  'info',
  'lolwut',
  'debug htstats',
  'debug htstats-key',
  'debug client-eviction',
  'memory malloc-stats',
  'memory doctor',
  'cluster nodes',
  'cluster info',
  'client list',
  'client info',
  'latency graph',
  'latency doctor',
  'proxy info',
];

/** Whether the reply to this command is shown as it came, whatever the style. */
export function isText(command: string, subcommand: string): boolean {
  const name = command.toLowerCase();
  return TEXTS.includes(name) || TEXTS.includes(`${name} ${subcommand.toLowerCase()}`);
}
