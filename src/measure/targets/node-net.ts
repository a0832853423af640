/** Node's own sockets, as most servers for Node use them: the reference on the same runtime. */
import { packageFile } from '../../paths.ts';
import { serverNode, serverNodeVersion } from './server-node.ts';
import { launch } from './server-process.ts';
import type { Target } from './target.ts';

const SCRIPT = packageFile('bench/peers/node-net.mjs');

export function nodeNet(): Target {
  return {
    name: 'node-net',
    reference: true,
    refusal: '',
    limit: null,
    description: `Node ${serverNodeVersion()}: node:net and a Map, with a parser over buffers`,
    start: () =>
      launch({
        command: serverNode(),
        arguments: [SCRIPT],
        listening: /^listening on .*:(\d+)\n/m,
        port: 0,
      }),
  };
}
