/** Node's own sockets, as most servers for Node use them: the reference on the same runtime. */
import { fileURLToPath } from 'node:url';
import { launch } from './server-process.ts';
import type { Target } from './target.ts';

const SCRIPT = fileURLToPath(new URL('../../../bench/peers/node-net.mjs', import.meta.url));

export function nodeNet(): Target {
  return {
    name: 'node-net',
    reference: true,
    refusal: '',
    limit: '',
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
