/** The history between sessions: a file of lines that nobody else may read. */
import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
} from 'node:fs';
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
    const { O_WRONLY, O_APPEND, O_CREAT } = constants;
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT, FILE_MODE);
    try {
      // It may have been made by somebody else, or by a copy.
      if (fstatSync(fd).isFile()) fchmodSync(fd, FILE_MODE);
      appendFileSync(fd, `${line}\n`);
    } finally {
      closeSync(fd);
    }
  } catch {
    // A read-only home must not end a session.
  }
}

/** rw-------. */
const FILE_MODE = 0o600;
