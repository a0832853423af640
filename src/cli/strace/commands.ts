/** The ways of watching: a server to start, one that runs, a saved log. */
import { readFileSync } from 'node:fs';
import { findMain, type StoryOptions } from '../../observe/story.ts';
import { StraceReader } from '../../observe/strace/reader.ts';
import { posix } from '../../posix/native.ts';
import type { StraceFlags } from '../strace.ts';
import { BacklogWatch, nowUs } from './backlog-watch.ts';
import { finish } from './finish.ts';
import { SocketFile } from './socket-file.ts';
import { recordedServer, type Sink, type Source, straceProcesses, straceServer } from './source.ts';
import { refusalToAttach, refusalToRun, serversOf } from './tools.ts';
import { View } from './view.ts';
import { Watch } from './watch.ts';

export async function readSaved(path: string, flags: StraceFlags): Promise<number> {
  const lines = readFileSync(path, 'latin1').split(/\r?\n/);
  const reader = new StraceReader();
  // Read as a whole: where a log has no -T, the next line tells how long a call took.
  const events = [...lines.flatMap((line) => reader.push(line) ?? []), ...reader.end()];
  if (events.length === 0) throw new Error(`${path}: no line of it is one of strace's`);
  const view = newView();
  const fromStart = events.some((event) => event.kind === 'call' && event.name === 'listen');
  const watch = newWatch(view, flags, { mainTid: findMain(events), fromStart });
  if (flags.raw) for (const line of lines) view.print(line);
  for (const event of events) watch.tell(event);
  finish(watch, view, flags, `syskv strace ${path}`);
  return 0;
}

export async function attach(pid: number, flags: StraceFlags): Promise<number> {
  const refusal = refusalToAttach(pid);
  if (refusal !== '') {
    throw new Error(`${refusal}\n  or start the server with its recorder: syskv strace --recorder`);
  }
  const pids = serversOf(pid);
  const view = newView();
  const watch = newWatch(view, flags, pids.length === 1 ? { mainTid: pid } : {});
  const source = straceProcesses(posix, pids, sinkOf(watch, view));
  view.print(`watching pid ${pids.join(', ')}: Ctrl+C to detach`);
  await follow(source, watch);
  finish(watch, view, flags, `syskv strace --pid ${pid}`);
  return 0;
}

export async function start(serveFlags: readonly string[], flags: StraceFlags): Promise<number> {
  const view = newView();
  const watch = newWatch(view, flags, { fromStart: true });
  const backlog = new BacklogWatch((address, sinceUs) => watch.waiting(address, sinceUs));
  const sink = sinkOf(watch, view, (address) => backlog.add(address));
  await follow(open(serveFlags, flags, sink, view), watch);
  backlog.end();
  finish(watch, view, flags, titleOf(['syskv strace', ...serveFlags]));
  return 0;
}

/** What was watched; a report is shown to others, and its title holds no password. */
export function titleOf(words: readonly string[]): string {
  const isPassword = (i: number) => words[i - 1] === '--requirepass';
  const shown = words.map((word, i) => (isPassword(i) ? '****' : word));
  return shown.join(' ').replace(/(--requirepass=)\S+/, '$1****');
}

/** The server under strace, or with its own recorder where strace can't be had. */
export function open(
  serveFlags: readonly string[],
  flags: StraceFlags,
  sink: Sink,
  view: View,
): Source {
  const refusal = flags.recorder ? '' : refusalToRun();
  if (refusal !== '') view.print(`${refusal}; showing the built-in recorder instead`);
  return flags.recorder || refusal !== ''
    ? recordedServer(serveFlags, sink)
    : straceServer(posix, serveFlags, sink);
}

export function newView(): View {
  const { isTTY } = process.stdout;
  const colours = isTTY === true && !process.env['NO_COLOR'];
  return new View({
    write: (text) => process.stdout.write(text),
    colours: colours || Boolean(process.env['FORCE_COLOR']),
    status: isTTY === true,
  });
}

export function newWatch(
  view: View,
  flags: StraceFlags,
  story: StoryOptions,
  merge = false,
): Watch {
  const { raw, all, html, perfetto } = flags;
  return new Watch({ view, raw, all, keep: (html ?? perfetto) !== undefined, merge, story });
}

/** Of what a server prints, the advice to call strace is superfluous here. */
export function sinkOf(
  watch: Watch,
  view: View,
  listening: (address: string, pid: number) => void = () => {},
): Sink {
  let pid = 0;
  return {
    line: (text) => watch.line(text),
    printed(text) {
      pid ||= Number(/ pid (\d+)$/.exec(text)?.[1] ?? 0);
      if (!text.startsWith('watch it: ')) view.print(text);
      const address = /^listening on (.+)$/.exec(text)?.[1];
      if (address === undefined) return;
      if (!/:\d+$/.test(address)) removeAtExit(new SocketFile(address));
      listening(address, pid);
    },
  };
}

/** A server removes its socket itself, unless it is killed. */
function removeAtExit(socket: SocketFile): void {
  process.once('exit', () => socket.remove());
}

/**
 * Until the log ends; Ctrl+C asks for that, a second one does not ask. Whatever ends this program,
 * it leaves no server behind. True: somebody asked.
 */
export async function follow(source: Source, watch: Watch): Promise<boolean> {
  let asked = false;
  const stop = () => {
    asked = true;
    source.stop();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  // `syskv strace | head`: nobody reads on.
  process.stdout.once('error', stop);
  process.once('exit', () => source.end());
  const status = setInterval(() => watch.status(source.partial, nowUs()), STATUS_EVERY_MS);
  try {
    await source.ended;
  } finally {
    clearInterval(status);
    watch.end();
  }
  return asked;
}

const STATUS_EVERY_MS = 250;
