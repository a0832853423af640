/** Runs commands without a server: words in, reply bytes out (as text, one character a byte). */
import { HEAP_BUFFERS } from '../../src/bytes/buffers.ts';
import {
  type Call,
  type Client,
  type ClientView,
  type ConfigFace,
  type LatencyEvent,
  REPLIES_ON,
  type ServerFace,
  type SlowEntry,
  TALLY,
} from '../../src/commands/call.ts';
import { CommandEngine, WAITING } from '../../src/commands/engine.ts';
import { TABLE } from '../../src/commands/table.ts';
import { Arguments } from '../../src/protocol/arguments.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { RespReply } from '../../src/protocol/resp-reply.ts';
import { WatchedStore } from './watched-store.ts';

/** 2023-11-14 22:13:20 UTC. */
export const NOW_MS = 1_700_000_000_000;

export class CommandDriver {
  readonly out = new ReplyBuffer();
  readonly store = new WatchedStore();
  readonly client: Client = testClient(7);
  readonly config = new TestConfig();
  readonly call: Call;
  readonly engine: CommandEngine;
  /** Writes wait (CLIENT PAUSE). */
  paused = false;
  readonly server = new TestServer(this);

  constructor() {
    const { client } = this;
    this.call = {
      args: new Arguments(),
      reply: new RespReply(this.out),
      store: this.store,
      client,
      server: this.server,
      buffers: HEAP_BUFFERS,
      nowMs: NOW_MS,
      command: undefined,
      tally: { counts: new Float64Array(TABLE.rows.length * TALLY) },
      effects: undefined,
      inTransaction: false,
      runQueued: () => {},
    };
    const holdsBack = () => this.paused;
    const pause = { isOn: true, holdsBack };
    this.engine = new CommandEngine({ call: this.call, out: this.out, pause, observer: NOBODY });
  }

  /** Runs one request; returns the reply's bytes. */
  run = (...words: string[]): string => {
    this.read(words);
    const result = this.engine.run(TABLE.lookup(this.call.args));
    this.store.end();
    if (result === WAITING) return 'waits';
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

/** Measures nothing; a bug is the test's to see. */
const NOBODY = {
  isFine: false,
  before() {},
  after() {},
  beforeStretch() {},
  afterStretch() {},
  failed(_call: Call, error: unknown): void {
    throw error;
  },
};

/** A server that does nothing, and remembers what it was asked for. */
export class TestServer implements ServerFace {
  readonly databases = 16;
  readonly asked: string[] = [];
  readonly #driver: { readonly client: Client; readonly config: TestConfig };
  slowEntries: SlowEntry[] = [];
  latencyEvents: LatencyEvent[] = [];
  others: ClientView[] = [];

  constructor(driver: { readonly client: Client; readonly config: TestConfig }) {
    this.#driver = driver;
  }

  get config(): TestConfig {
    return this.#driver.config;
  }

  get password(): string {
    return this.config.get('requirepass');
  }

  clients(asker: Client): ClientView[] {
    return [viewOf(asker), ...this.others];
  }

  kill(id: number): boolean {
    this.asked.push(`kill ${id}`);
    return true;
  }

  pause(milliseconds: number, writesOnly: boolean): void {
    this.asked.push(`pause ${milliseconds} ${writesOnly}`);
  }

  unpause(): void {
    this.asked.push('unpause');
  }

  stop(): void {
    this.asked.push('stop');
  }

  info(sections: readonly string[]): string {
    return `# ${sections.join(',')}\r\n`;
  }

  memory() {
    return {
      usedBytes: 3000,
      peakBytes: 4000,
      startupBytes: 1000,
      clientsBytes: 100,
      residentBytes: 9000,
    };
  }

  resetStatistics(): void {
    this.asked.push('reset statistics');
  }

  readonly slowLog = {
    entries: (count: number) => this.slowEntries.slice(0, count),
    length: 2,
    reset: () => {
      this.asked.push('reset slow log');
    },
  };

  readonly latency = {
    events: () => this.latencyEvents,
    reset: (names: readonly string[]) => names.length,
    histograms: () => [{ command: 'get', calls: 3, counts: [[1, 2] as const, [4, 3] as const] }],
  };

  sleep(milliseconds: number): void {
    this.asked.push(`sleep ${milliseconds}`);
  }

  setActiveExpiry(active: boolean): void {
    this.asked.push(`active expiry ${active}`);
  }

  random(): number {
    return 0;
  }
}

export function viewOf(client: Client): ClientView {
  return {
    ...client,
    commandName: client.lastCommand?.name ?? '',
    queued: client.transaction?.count ?? -1,

    queuedBytes: 0,
    keptBytes: 0,
    watching: client.watched !== undefined,
    ageMs: NOW_MS - client.connectedAtMs,
    idleMs: NOW_MS - client.lastUsedAtMs,
  };
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
    authenticated: true,
    transaction: undefined,
    watched: undefined,
    replies: REPLIES_ON,
    noEvict: false,
    noTouch: false,
    blocked: false,
  };
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
