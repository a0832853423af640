/**
 * What a server answered, as lines to compare: each reply beside its request, those of EXEC one by
 * one.
 */
import { comparable } from './allowed.ts';
import type { Connection, Request } from './peer.ts';
import { replyEnd } from './reply-end.ts';

const QUEUED = '+QUEUED\r\n';

/** One connection's conversation. It knows what was queued, so that it can read EXEC's reply. */
export class Conversation {
  readonly #connection: Connection;
  #queued: Request[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async tell(requests: readonly Request[]): Promise<string[]> {
    const replies = await this.#connection.ask(requests);
    return requests.flatMap((request, i) => this.#lines(request, replies[i]));
  }

  close(): void {
    this.#connection.close();
  }

  #lines(request: Request, reply: string): string[] {
    if (reply === QUEUED) this.#queued.push(request);
    const queued = this.#queued;
    const ends = /^(exec|discard|reset)$/i.test(request[0]);
    if (ends) this.#queued = [];
    const head = `*${queued.length}\r\n`;
    if (request[0].toLowerCase() !== 'exec' || !reply.startsWith(head))
      return [line(request, reply)];
    let start = head.length;
    const lines = queued.map((one) => {
      const end = replyEnd(reply, start);
      const element = reply.slice(start, end);
      start = end;
      return line(one, element);
    });
    return [line(request, head), ...lines];
  }
}

function line(request: Request, reply: string): string {
  return `${JSON.stringify(request)} -> ${JSON.stringify(comparable(request, reply))}`;
}
