/** Our own server under one of its I/O models. */
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../version.ts';
import { launch } from './server-process.ts';
import type { Target } from './target.ts';

const BINARY = fileURLToPath(new URL('../../../bin/syskv', import.meta.url));

/** Room for 10,000 clients and those that have left and are not closed yet. */
export const MOST_CLIENTS = 12_000;

export interface SyskvTarget {
  readonly mode: string;
  /** One line about the model. */
  readonly summary: string;
  readonly refusal: string;
  readonly limit: string;
  /** Further flags of `serve`. */
  readonly flags?: readonly string[];
}

export function syskv({ mode, summary, refusal, limit, flags = [] }: SyskvTarget): Target {
  const common = ['--port', '0', '--maxclients', String(MOST_CLIENTS), '--loglevel', 'warning'];
  return {
    name: mode,
    reference: false,
    refusal,
    limit,
    description: `syskv ${VERSION}: ${summary}`,
    start: () =>
      launch({
        command: process.execPath,
        arguments: [BINARY, 'serve', '--mode', mode, ...common, ...flags],
        listening: /^listening on .*:(\d+)\n/m,
        port: 0,
      }),
  };
}
