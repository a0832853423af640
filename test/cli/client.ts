/** Runs `syskv cli` against a server: as a process of its own, or in a terminal. */
import { type Outcome, run } from '../support/run.ts';
import { type Server, SYSKV } from '../support/server.ts';
import { Terminal } from '../support/terminal.ts';

export function cli(
  server: Pick<Server, 'port'>,
  words: readonly string[],
  input = '',
): Promise<Outcome> {
  return run(process.execPath, [SYSKV, 'cli', '-p', String(server.port), ...words], input);
}

export interface ClientTerminal {
  readonly terminal: Terminal;
  /** What stands before a line that is typed. */
  readonly prompt: string;
}

/** A client whose history is in `history`, at its first prompt. */
export async function interactiveClient(
  server: Pick<Server, 'port'>,
  history = '/dev/null',
  flags: readonly string[] = [],
): Promise<ClientTerminal> {
  const terminal = typingClient(server, history, flags);
  const prompt = `127.0.0.1:${server.port}> `;
  await terminal.shows(prompt);
  return { terminal, prompt };
}

/** The same, before it has shown anything. */
export function typingClient(
  server: Pick<Server, 'port'>,
  history = '/dev/null',
  flags: readonly string[] = [],
): Terminal {
  const program = [process.execPath, SYSKV, 'cli', '-p', String(server.port), ...flags];
  return new Terminal(program, { SYSKV_HISTFILE: history, NO_COLOR: '1' });
}
