/** One blocking connection to a server that speaks RESP: pipelined requests, and INFO. */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { requestOf } from './batch.ts';
import { ReplyCounter } from './reply-counter.ts';

export class Talk {
  readonly #posix: Posix;
  readonly #fd: number;
  readonly #input = new Uint8Array(64 * 1024);
  readonly #replies = new ReplyCounter();

  /**
   * @param host numeric IPv4 address.
   * @throws SyscallError where nobody listens there.
   */
  constructor(posix: Posix, host: string, port: number) {
    const c = posix.constants;
    this.#posix = posix;
    this.#fd = check(posix.socket(c.AF_INET, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
    const address = { family: c.AF_INET, address: host, port };
    const result = posix.connect(this.#fd, address);
    if (result < 0) posix.close(this.#fd);
    check(result, 'connect');
  }

  /** Sends all of it and waits for so many replies, which must fit into the sockets' buffers. */
  exchange(bytes: Uint8Array, replies: number): void {
    this.#exchange(bytes, replies, null);
    if (this.#replies.errors > 0) throw new Error('the server refused to store a key');
  }

  /** @returns the reply as it came: `$5\r\nhello\r\n`. */
  ask(...words: string[]): string {
    const parts: string[] = [];
    this.#exchange(requestOf(...words).bytes, 1, parts);
    return parts.join('');
  }

  end(): void {
    this.#posix.close(this.#fd);
  }

  #exchange(bytes: Uint8Array, replies: number, parts: string[] | null): void {
    const posix = this.#posix;
    const flags = posix.constants.MSG_NOSIGNAL;
    for (let at = 0; at < bytes.length; ) {
      at += check(posix.send(this.#fd, bytes, at, bytes.length - at, flags), 'send');
    }
    for (let missing = replies; missing > 0; ) {
      const got = check(posix.recv(this.#fd, this.#input, 0, this.#input.length, 0), 'recv');
      if (got === 0) throw new Error('the server closed the connection');
      missing -= this.#replies.feed(this.#input, 0, got);
      parts?.push(Buffer.from(this.#input.subarray(0, got)).toString('latin1'));
    }
  }
}
