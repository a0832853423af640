/** A UNIX socket's file, which a server that is killed leaves behind. */
import { lstatSync, unlinkSync } from 'node:fs';

export class SocketFile {
  readonly #path: string;
  readonly #identity: string;

  /** The file as it is now, while the server listens at it. */
  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
  }

  /** Another server may have taken the path over: its file is left alone. */
  remove(): void {
    if (this.#identity === '' || identityOf(this.#path) !== this.#identity) return;
    unlinkSync(this.#path);
  }
}

/** '' where there is no socket. */
function identityOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSocket() ? `${found.dev}:${found.ino}` : '';
}
