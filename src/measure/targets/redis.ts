/** An installed redis-server or valkey-server, without persistence. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { launch } from './server-process.ts';
import { MOST_CLIENTS } from './syskv.ts';
import type { Target } from './target.ts';

/** @param command `redis-server`, `valkey-server`: a name in the PATH, and in reports. */
export function redis(command: string): Target {
  const version = versionOf(command);
  return {
    name: command,
    reference: true,
    isPrecompiled: true,
    refusal: version === '' ? `${command} is not installed: sudo apt-get install ${command}` : '',
    limit: null,
    description: `${command} ${version}, without persistence`,
    start: async () => {
      // Redis takes port 0 for "no TCP at all".
      const port = await freePort();
      return launch({
        command,
        arguments: [...FLAGS, '--port', String(port)],
        listening: /Ready to accept connections/,
        port,
      });
    },
  };
}

const FLAGS: readonly string[] = [
  ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  ...['--maxclients', String(MOST_CLIENTS), '--daemonize', 'no'],
];

function versionOf(command: string): string {
  try {
    const text = execFileSync(command, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return /v=([\w.-]+)/.exec(text)?.[1] ?? text.trim();
  } catch {
    return '';
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
