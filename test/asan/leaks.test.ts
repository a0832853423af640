/**
 * What the addon allocates it gives back: servers run under AddressSanitizer, end as they are asked
 * to, and LeakSanitizer looks at what is left. Node and V8 leave much behind on purpose; ours is
 * what an allocator's caller in native/ has asked for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { Server } from '../support/server.ts';
import { skip } from '../support/tools.ts';

const ADDON = fileURLToPath(new URL('../../build/asan/syskv.node', import.meta.url));

beforeEach((context) => {
  if (!existsSync(ADDON)) skip(context, 'needs the sanitizers: npm run build:asan');
});

/** The libraries of the compiler that built the addon: they have to be there before Node's own. */
function sanitized(): string[] {
  const library = execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  const options = 'detect_leaks=1:malloc_context_size=6';
  return ['env', `LD_PRELOAD=${library}`, `ASAN_OPTIONS=${options}`, `SYSKV_ADDON=${ADDON}`];
}

async function startSanitized(mode: string): Promise<Server> {
  const server = new Server(['--port', '0', '--mode', mode], sanitized());
  onTestFinished(() => server.signal('SIGKILL'));
  await server.listening();
  return server;
}

/** Reports whose memory was asked for by the addon: the first caller that is no allocator. */
function leaksOf(log: string): string[] {
  const reports = log.split(/\n(?=(?:Direct|Indirect) leak of )/).slice(1);
  return reports.filter((report) => {
    const callers = report.split('\n').filter((line) => /^\s+#\d+ /.test(line));
    const first = callers.find((line) => !/libsanitizer|interceptor|operator new/.test(line));
    return first !== undefined && /\/native\/|syskv\.node/.test(first);
  });
}

/** One thread: where others are still coming up, the process leaves without a look back. */
const ENDED = ['blocking', 'epoll', 'io_uring'].filter((mode) =>
  (MODES as readonly string[]).includes(mode),
);

test.each(ENDED)('%s leaves nothing of ours behind', async (mode) => {
  const server = await startSanitized(mode);
  const client = await connect(server);
  expect(await client.ask('SET key value\r\nGET key\r\n', 16)).toBe('+OK\r\n$5\r\nvalue\r\n');
  server.signal('SIGTERM');
  await server.exited;
  expect(server.log).toContain('LeakSanitizer');
  expect(leaksOf(server.log)).toEqual([]);
  expect(server.log).not.toMatch(/ERROR: AddressSanitizer|runtime error:/);
});
