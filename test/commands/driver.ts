/** Runs commands without a server: words in, reply bytes out (as text, one character a byte). */
import type { Call, Client, ConfigFace } from '../../src/commands/call.ts';
import { execute } from '../../src/commands/execute.ts';
import { Arguments } from '../../src/protocol/arguments.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { RespReply } from '../../src/protocol/resp-reply.ts';
import { ModelStore } from './model-store.ts';

/** 2023-11-14 22:13:20 UTC. */
export const NOW_MS = 1_700_000_000_000;

export class CommandDriver {
  readonly out = new ReplyBuffer();
  readonly store = new ModelStore();
  readonly client: Client = testClient(7);
  readonly config = new TestConfig();
  readonly call: Call;

  constructor() {
    const { client, config } = this;
    this.call = {
      args: new Arguments(),
      reply: new RespReply(this.out),
      store: this.store,
      client,
      server: {
        databases: 16,
        clients: () => [client],
        info: (sections) => `# ${sections.join(',')}\r\n`,
        config,
        random: () => 0,
      },
      nowMs: NOW_MS,
      command: undefined,
    };
  }

  /** Runs one request; returns the reply's bytes. */
  run = (...words: string[]): string => {
    this.read(words);
    execute(this.call);
    this.store.end();
    const reply = latin1(this.out.bytes.subarray(0, this.out.length));
    this.out.clear();
    return reply;
  };

  /** Runs one request and gives what a test often wants: a bulk's content. */
  bulk = (...words: string[]): string | undefined => {
    const reply = this.run(...words);
    if (reply === '$-1\r\n') return undefined;
    const head = /^\$(\d+)\r\n/.exec(reply);
    if (head === null) throw new Error(`no bulk: ${reply}`);
    return reply.slice(head[0].length, -2);
  };

  later(milliseconds: number): void {
    this.call.nowMs += milliseconds;
  }

  read(words: readonly string[]): void {
    const { args } = this.call;
    // Neither at 0 nor at the end: positions that ignore `starts` or `ends` show.
    args.bytes = Uint8Array.from(`..${words.join('')}..`, (letter) => letter.charCodeAt(0));
    args.clear();
    let start = 2;
    for (const word of words) {
      args.push(start, start + word.length);
      start += word.length;
    }
  }
}

export class TestConfig implements ConfigFace {
  readonly values = new Map([
    ['maxmemory', '0'],
    ['maxmemory-policy', 'noeviction'],
    ['proto-max-bulk-len', '536870912'],
    ['requirepass', ''],
    ['save', ''],
  ]);

  names(): Iterable<string> {
    return this.values.keys();
  }

  get(name: string): string {
    return this.values.get(name) ?? '';
  }

  set(pairs: ReadonlyArray<readonly [string, string]>): string {
    for (const [name, value] of pairs) {
      if (name === 'maxmemory' && !/^\d+$/.test(value)) {
        return `CONFIG SET failed (possibly related to argument '${name}') - argument must be a memory value`;
      }
    }
    for (const [name, value] of pairs) this.values.set(name, value);
    return '';
  }
}

export function testClient(id: number): Client {
  return {
    id,
    address: '127.0.0.1:51234',
    localAddress: '127.0.0.1:6379',
    fd: 9,
    connectedAtMs: NOW_MS - 61_500,
    lastUsedAtMs: NOW_MS - 2_000,
    database: 0,
    protocolVersion: 2,
    name: '',
    libraryName: '',
    libraryVersion: '',
    lastCommand: undefined,
    commands: 0,
    closing: false,
  };
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
