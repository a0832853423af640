/** Our own server under one of its I/O models. */
import { packageFile } from '../../paths.ts';
import { VERSION } from '../../version.ts';
import { serverNode } from './server-node.ts';
import { launch } from './server-process.ts';
import type { Limit, Target } from './target.ts';

const BINARY = packageFile('bin/syskv');

/** Room for 10,000 clients and those that have left and are not closed yet. */
export const MOST_CLIENTS = 12_000;

export interface SyskvTarget {
  /** Where it is not the mode's. */
  readonly name?: string;
  readonly mode: string;
  /** One line about the model. */
  readonly summary: string;
  readonly refusal: string;
  readonly limit: Limit | null;
  /** Further flags of `serve`. */
  readonly flags?: readonly string[];
  /** Have V8 write a line for each garbage collection, for `pausesIn` (pauses.ts). */
  readonly tellsPauses?: boolean;
}

export function syskv(about: SyskvTarget): Target {
  const { mode, name = mode, summary, refusal, limit, flags = [], tellsPauses = false } = about;
  const common = ['--port', '0', '--maxclients', String(MOST_CLIENTS), '--loglevel', 'warning'];
  return {
    name,
    reference: false,
    refusal,
    limit,
    description: `syskv ${VERSION}: ${summary}`,
    start: () =>
      launch({
        command: serverNode(),
        arguments: [
          ...(tellsPauses ? ['--trace-gc'] : []),
          ...[BINARY, 'serve', '--mode', mode, ...common, ...flags],
        ],
        listening: /^listening on .*:(\d+)\n/m,
        port: 0,
        keepOutput: tellsPauses,
      }),
  };
}
