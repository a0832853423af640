/** Node's own sockets, as most servers for Node use them: the reference on the same runtime. */
import { packageFile } from '../../paths.ts';
import { launch } from './server-process.ts';
import type { Target } from './target.ts';

const SCRIPT = packageFile('bench/peers/node-net.mjs');

export function nodeNet(): Target {
  return {
    name: 'node-net',
    reference: true,
    refusal: '',
    limit: null,
    description: `Node ${process.version}: node:net and a Map, with a parser over buffers`,
    start: () =>
      launch({
        command: process.execPath,
        arguments: [SCRIPT],
        listening: /^listening on .*:(\d+)\n/m,
        port: 0,
      }),
  };
}
