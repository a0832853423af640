/** The history between sessions: a file of lines that nobody else may read. */
import { appendFileSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** SYSKV_HISTFILE says where; /dev/null keeps nothing. */
export function historyPath(environment: NodeJS.ProcessEnv): string {
  return environment['SYSKV_HISTFILE'] || join(homedir(), '.syskv_history');
}

/** No file, or one that can't be read, is an empty history. */
export function loadHistory(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** Appends, so that sessions at one time don't lose each other's lines. */
export function appendHistory(path: string, line: string): void {
  try {
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // A read-only home must not end a session.
  }
}
