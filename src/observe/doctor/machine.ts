/** What the doctor looks at. Passed in, so that any machine can be examined on any other. */
import type { Posix } from '../../posix/posix.ts';

export interface Machine {
  /** 'linux', 'darwin', 'freebsd', 'openbsd': as Node names it. */
  readonly platform: string;
  readonly posix: Posix;
  /** Why the io_uring mode can't be used, and the remedy; '' where it can. */
  readonly ioUringRefusal: string;
  /** A small file as text, trimmed; undefined where it isn't there or may not be read. */
  readText(path: string): string | undefined;
  /** Runs a program to its end; undefined where there is none of this name. */
  run(command: string, ...args: string[]): Ended | undefined;
  /** Who listens on a TCP port, where that can be seen. */
  portHolder(port: number): { pid: number; command: string } | undefined;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
}

/**
 * - `ok`: works.
 * - `limited`: something will not work, or only in part; the rest does.
 * - `absent`: belongs to other systems; nothing is to be done.
 * - `failed`: a server can't do its work here.
 */
export type State = 'ok' | 'limited' | 'absent' | 'failed';

export interface Finding {
  readonly name: string;
  readonly state: State;
  readonly what: string;
  /** What changes it; '' where nothing has to or can be done. */
  readonly fix: string;
}

export function ok(name: string, what: string): Finding {
  return { name, state: 'ok', what, fix: '' };
}

export function limited(name: string, what: string, fix: string): Finding {
  return { name, state: 'limited', what, fix };
}

export function absent(name: string, what: string): Finding {
  return { name, state: 'absent', what, fix: '' };
}

export function failed(name: string, what: string, fix: string): Finding {
  return { name, state: 'failed', what, fix };
}
