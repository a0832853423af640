/** One line of strace's output, taken apart: who, when, and what. See strace(1). */
import { endOfArguments } from './syntax.ts';

/** What stands before the call. */
export interface Stamp {
  /** 0: the line does not tell (no `-f`). */
  readonly tid: number;
  /** '' without `-Y`. */
  readonly threadName: string;
  /** Microseconds; null without a `-t`. */
  readonly timeUs: number | null;
  /** `-r`: the time counts from the line before. */
  readonly relative: boolean;
}

export type Content =
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly inside: string;
      readonly after: string;
    }
  | { readonly kind: 'unfinished'; readonly name: string; readonly inside: string }
  | { readonly kind: 'detached'; readonly name: string; readonly inside: string }
  | { readonly kind: 'resumed'; readonly name: string; readonly rest: string }
  | { readonly kind: 'remark'; readonly what: RemarkKind; readonly text: string };

export type RemarkKind = 'signal' | 'stopped' | 'exited' | 'killed';

export interface Line {
  readonly stamp: Stamp;
  readonly content: Content;
}

/**
 * Null for what is none of strace's lines: stack traces of `-k`, tables of `-c`, messages, noise.
 */
export function parseLine(line: string): Line | null {
  const head = HEAD.exec(line)!;
  const [start, , , , , seconds, fraction, hours, minutes, secondsOfDay, dayFraction] = head;
  const tid = Number(head[1] ?? head[3] ?? 0);
  const threadName = head[2] ?? head[4] ?? '';
  let timeUs: number | null = null;
  if (seconds !== undefined) timeUs = Number(seconds) * 1e6 + microseconds(fraction);
  else if (hours !== undefined) {
    const second = (Number(hours) * 60 + Number(minutes)) * 60 + Number(secondsOfDay);
    timeUs = second * 1e6 + microseconds(dayFraction ?? '');
  }
  const relative = seconds !== undefined && Number(seconds) < LEAST_UNIX_SECONDS;
  const content = parseContent(line.slice(start.length));
  return content === null ? null : { stamp: { tid, threadName, timeUs, relative }, content };
}

/** `[pid 7<name>] ` or `7<name> `, then `-ttt`, `-r` or `-tt`: each of them may be missing. */
const HEAD = new RegExp(
  '^(?:\\[pid +(\\d+)(?:<(.*?)>)?\\] +|(\\d+)(?:<(.*?)>)? +)?' +
    '(?: *(?:(\\d+)\\.(\\d+)|(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?) +)?' +
    '(?:\\(\\+ +[\\d.]+\\) +)?',
);

/** Three years after 1970: what `-r` prints is far below, any clock far above. */
const LEAST_UNIX_SECONDS = 1e8;

function microseconds(fraction: string): number {
  return fraction === '' ? 0 : Number(`0.${fraction}`) * 1e6;
}

function parseContent(text: string): Content | null {
  const resumed = /^<\.\.\. (\w+) resumed> ?/.exec(text);
  if (resumed !== null) {
    return { kind: 'resumed', name: resumed[1], rest: text.slice(resumed[0].length) };
  }
  const call = /^(\w+)\(/.exec(text);
  return call === null ? parseRemark(text) : parseCall(call[1], text.slice(call[0].length));
}

/** `rest` is what follows the opening parenthesis. */
export function parseCall(name: string, rest: string): Content | null {
  const end = endOfArguments(rest, 0);
  if (end >= 0 && /^\)\s+= /.test(rest.slice(end))) {
    const inside = rest.slice(0, end).replace(/ ?<unfinished \.\.\.>$/, '');
    const resumes = /^<\.\.\. resuming interrupted (\w+) \.\.\.>$/.exec(inside)?.[1];
    if (resumes !== undefined) return parseCall(resumes, rest.slice(end));
    return { kind: 'call', name, inside, after: rest.slice(end + 1).replace(/^\s+= /, '') };
  }
  for (const [kind, mark] of CUT_SHORT) {
    if (rest.endsWith(mark)) {
      return { kind, name, inside: rest.slice(0, -mark.length).replace(/\)? ?$/, '') };
    }
  }
  return null;
}

const CUT_SHORT = [
  ['unfinished', '<unfinished ...>'],
  ['detached', '<detached ...>'],
] as const;

function parseRemark(text: string): Content | null {
  const found = /^(?:---|\+\+\+) (.*) (?:---|\+\+\+)$/.exec(text)?.[1];
  if (found === undefined) return null;
  for (const [what, pattern] of REMARKS) {
    const match = pattern.exec(found);
    if (match !== null) return { kind: 'remark', what, text: match[1] };
  }
  return null;
}

const REMARKS: readonly (readonly [RemarkKind, RegExp])[] = [
  ['exited', /^exited with (\d+)/],
  ['killed', /^killed by (\w+(?: \(core dumped\))?)/],
  ['stopped', /^stopped by (\w+)/],
  ['signal', /^(SIG\w+)/],
];
