/** netcat: what a person types, and what a script sends before it closes its side. */
import { describe, expect, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { type Server, startServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('nc', 'netcat-openbsd');

/** `-N`: nc sends FIN once its input ends, as `printf … | nc` does. */
function netcat(server: Server, input: string) {
  return run('nc', ['-N', '127.0.0.1', String(server.port)], input);
}

describe.each(MODES)('nc in mode %s', (mode) => {
  test('speaks inline RESP', async () => {
    const server = await startServer('--mode', mode);
    const { status, stdout } = await netcat(server, 'SET k v\nGET k\n');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '+OK\r\n$1\r\nv\r\n' });
    expect(server.log).toBe('');
  });

  test('speaks lines', async () => {
    const server = await startServer('--mode', mode, '--protocol', 'line');
    const { status, stdout } = await netcat(server, 'SET k v\nGET k\nEXIT\n');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'OK\nv\nOK\n' });
    expect(server.log).toBe('');
  });

  test('hears its echo', async () => {
    const server = await startServer('--mode', mode, '--protocol', 'echo');
    const { status, stdout } = await netcat(server, 'hello\n');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'hello\n' });
    expect(server.log).toBe('');
  });
});
