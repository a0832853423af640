/**
 * Who did what to whom: puts names to the threads and the connections of a log, event by event, and
 * tells the server's calls from those of the runtime around it.
 *
 * Events are told in the order of their completion, as StraceReader gives them.
 */
import { isBlocked } from './blocked.ts';
import { ACCEPTS, RECEIVES, SENDS, SUBMISSION, WAITS } from './calls.ts';
import {
  type Connection,
  endOf,
  newConnection,
  noteClient,
  noteServer,
  sleepsIn,
  type Thread,
} from './connection.ts';
import type { Call, Event, Remark } from './event.ts';
import { addressesOf } from './file.ts';
import { splitArguments } from './strace/syntax.ts';

export interface Told {
  readonly event: Event;
  readonly thread: Thread;
  /** Whose bytes, descriptor or arrival this is about. */
  readonly connection: Connection | null;
  /** What the call's descriptor is to the server. */
  readonly role: 'connection' | 'listener' | 'wait' | 'work' | 'other';
  /** Part of the server's work, not of the runtime's. */
  readonly relevant: boolean;
  /** Of the server's work, but nothing came of it: a thread looked up, and slept on. */
  readonly idle: boolean;
  /** The thread slept in the call. */
  readonly blocked: boolean;
}

export interface StoryOptions {
  /** The thread that is called `main`, where that is known from elsewhere. */
  mainTid?: number;
  /** The log begins with the server's beginning: what comes before `listen` is the runtime's. */
  fromStart?: boolean;
  /** Threads that are clients: their calls are told from the other end. */
  isClient?: (tid: number, threadName: string) => boolean;
}

export class Story {
  readonly threads = new Map<number, Thread>();
  readonly connections: Connection[] = [];
  /** How often io_uring_enter was called. */
  enters = 0;
  /** The recorder has told what io_uring was asked for. */
  seesRequests = false;
  /** When the last call that has been told had returned. */
  lastUs = 0;
  /** Accepts for which the server had no room: EMFILE, ENFILE. */
  readonly refusedAccepts: Call[] = [];
  /** Threads that have received from a client. */
  readonly serving = new Set<Thread>();
  /** Threads that accept or wait for clients: where main is none of them, processes do. */
  readonly #doors = new Set<Thread>();
  readonly #options: StoryOptions;
  /** Open ones by where they are known from: address, or thread and descriptor. */
  readonly #byAddress = new Map<string, Connection>();
  readonly #byFd = new Map<string, Connection>();
  readonly #byClientFd = new Map<string, Connection>();
  /** Connections without an address of which one end has been told of so far, the oldest first. */
  readonly #unmatched: Connection[] = [];
  readonly #lastByFd = new Map<number, Connection>();
  readonly #listeners = new Set<string>();
  /** Descriptors of epoll and io_uring that serve clients, as `file` and number have them. */
  readonly #waiters = new Set<string>();
  #mainTid: number;

  constructor(options: StoryOptions = {}) {
    this.#options = options;
    this.#mainTid = options.mainTid ?? 0;
  }

  /** Takes the next event. */
  tell(event: Event): Told {
    if (event.kind === 'call') this.lastUs = Math.max(this.lastUs, endOf(event));
    const told = this.#tell(event);
    if (event.kind !== 'call') return { ...told, idle: false, blocked: false };
    const { thread, connection } = told;
    const blocked = thread.side === 'client' ? isBlocked(event) : sleepsIn(connection, event);
    return { ...told, idle: isIdle(event), blocked };
  }

  #tell(event: Event): Omit<Told, 'idle' | 'blocked'> {
    const thread = this.#thread(event);
    if (event.kind === 'remark') return this.#tellRemark(event, thread);
    return thread.side === 'client'
      ? this.#tellClient(event, thread)
      : this.#tellServer(event, thread);
  }

  /**
   * A client has its connection, and nobody has accepted it: what /proc/net/tcp shows of the
   * listener's backlog. Null where it is known already.
   */
  tellWaiting(address: string, atUs: number): Connection | null {
    if (this.#byAddress.has(address)) return null;
    const connection = this.#open(address);
    connection.connectedUs = atUs;
    return connection;
  }

  /** Its threads are processes: they accept, and the one that listens does not. */
  get byProcesses(): boolean {
    return this.#doors.size > 0 && ![...this.#doors].some(({ name }) => name === 'main');
  }

  /** Not a thread of the runtime's that a signal happened to find. */
  hasPart(thread: Thread): boolean {
    return this.serves(thread) || this.#doors.has(thread) || this.serving.has(thread);
  }

  // --- threads

  #thread({ tid, threadName, startUs }: Event): Thread {
    const known = this.threads.get(tid);
    // A thread has its creator's name until it gets its own.
    if (known !== undefined) {
      if (NAMED.test(threadName)) known.name = threadName;
      return known;
    }
    const side = this.#options.isClient?.(tid, threadName) ? 'client' : 'server';
    if (this.#options.fromStart && side === 'server') this.#mainTid ||= tid;
    const name = side === 'client' || NAMED.test(threadName) ? threadName : `pid ${tid}`;
    const label = tid === this.#mainTid || tid === 0 ? 'main' : name;
    const thread: Thread = { tid, name: label, side, firstUs: startUs };
    this.threads.set(tid, thread);
    return thread;
  }

  #isMain(thread: Thread): void {
    if (this.#mainTid !== 0) return;
    this.#mainTid = thread.tid;
    if (!NAMED.test(thread.name)) thread.name = 'main';
  }

  #tellRemark(event: Remark, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    const ours = thread.tid === this.#mainTid || NAMED.test(thread.name);
    const relevant = ours && thread.side === 'server' && event.text !== 'SIGCHLD';
    return { event, thread, connection: null, role: 'other', relevant };
  }

  // --- the server's calls

  #tellServer(call: Call, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    const { name } = call;
    if (name === 'listen' && call.result === 0) this.#isMain(thread);
    if (ACCEPTS.has(name) || name === 'listen') this.#listeners.add(keyOf(call));
    if (name.startsWith(SUBMISSION)) this.seesRequests = true;
    if (ACCEPTS.has(name)) return this.#tellAccept(call, thread);
    if (WAITS.has(name)) return this.#tellWait(call, thread);
    if (name === 'epoll_ctl') return this.#tellWatch(call, thread);
    const connection = this.#connectionOf(call, thread);
    if (connection !== null) return this.#tellConversation(call, thread, connection);
    const role = this.#isListener(call) ? 'listener' : this.#isIdle(thread) ? 'work' : 'other';
    const relevant = role === 'listener' ? !ASKS.has(name) : isSetUp(call);
    if (role === 'listener' && name === 'close') this.#listeners.delete(keyOf(call));
    return { event: call, thread, connection: null, role, relevant };
  }

  /** A worker that has no client waits for work; others wait for one another. */
  #isIdle(thread: Thread): boolean {
    if (thread.name === 'main' || this.#doors.has(thread)) return false;
    return !this.connections.some(({ spans, closedUs }) => closedUs === null && spans.has(thread));
  }

  #tellAccept(call: Call, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    let connection: Connection | null = null;
    this.#doors.add(thread);
    if (NO_ROOM.has(call.error)) this.refusedAccepts.push(call);
    if (call.result !== null && call.result >= 0) {
      connection = this.#accepted(addressesOf(call.resultFile).remote);
      this.#takeOver(thread, call.result, call);
      connection.accept = call;
      connection.acceptedBy = thread;
      this.#byFd.set(`${thread.tid}:${call.result}`, connection);
      this.#lastByFd.set(call.result, connection);
    }
    return { event: call, thread, connection, role: 'listener', relevant: true };
  }

  /**
   * The client that has this address. Clients of a UNIX socket have none: they are accepted in the
   * order in which they connected.
   */
  #accepted(address: string): Connection {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    const unnamed = address === '' || address.startsWith('unix');
    const first = unnamed ? this.#unmatched.find(({ accept }) => accept === null) : undefined;
    if (first === undefined) return this.#open(address, unnamed);
    this.#unmatched.splice(this.#unmatched.indexOf(first), 1);
    first.address = address;
    if (address !== '') this.#byAddress.set(address, first);
    return first;
  }

  /** The number was free again: its former connection was closed, even if no line says so. */
  #takeOver(thread: Thread, fd: number, accept: Call): void {
    const before = this.#byFd.get(`${thread.tid}:${fd}`);
    if (before === undefined) return;
    before.closedUs ??= before.finUs ?? accept.startUs;
    this.#forget(fd, thread, before);
  }

  #tellConversation(
    call: Call,
    thread: Thread,
    connection: Connection,
  ): Omit<Told, 'idle' | 'blocked'> {
    const { name } = call;
    noteServer(connection, thread, call);
    if (RECEIVES.has(name)) this.serving.add(thread);
    if ((name === 'close' || name === `${SUBMISSION}close`) && call.state === 'returned') {
      connection.closedUs = endOf(call);
      this.#forget(call.fd, thread, connection);
    }
    return { event: call, thread, connection, role: 'connection', relevant: true };
  }

  #forget(fd: number, thread: Thread, connection: Connection): void {
    this.#byAddress.delete(connection.address);
    this.#byFd.delete(`${thread.tid}:${fd}`);
    if (this.#lastByFd.get(fd) === connection) this.#lastByFd.delete(fd);
  }

  /** An epoll is known by what it was told to watch; before that, by who waits in it. */
  #tellWait(call: Call, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    const known = this.#waiters.has(keyOf(call));
    if (call.name === 'io_uring_enter') this.enters++;
    const begun = this.#options.fromStart !== true || this.#listeners.size > 0;
    const relevant = known || (begun && call.name !== RUNTIMES_OWN_WAIT && this.serves(thread));
    if (relevant) this.#doors.add(thread);
    return { event: call, thread, connection: null, role: 'wait', relevant };
  }

  /** Whether this is one of the server's threads. A log without thread numbers is of one alone. */
  serves({ tid, name }: Thread): boolean {
    return tid === 0 || tid === this.#mainTid || NAMED.test(name);
  }

  #tellWatch(call: Call, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    const target = splitArguments(call.text)[2] ?? '';
    const fd = Number.parseInt(target, 10);
    const file = /<(.*)>$/.exec(target)?.[1] ?? '';
    const watched = { ...call, fd, file };
    const connection = this.#connectionOf(watched, thread);
    const serves = connection !== null || this.#isListener(watched);
    if (serves) this.#waiters.add(keyOf(call));
    const relevant = serves || this.#waiters.has(keyOf(call));
    return { event: call, thread, connection, role: 'wait', relevant };
  }

  #connectionOf(call: Call, thread: Thread): Connection | null {
    const { local, remote } = addressesOf(call.file);
    const known = this.#byAddress.get(remote);
    if (remote !== '' && known !== undefined) return known;
    const byFd = this.#byFd.get(`${thread.tid}:${call.fd}`) ?? this.#lastByFd.get(call.fd);
    if (byFd !== undefined && (call.file === '' || byFd.address === '')) return byFd;
    // A connection from before the log began; but pairs of sockets, whose ends have no name, are
    // the runtime's.
    const talks = RECEIVES.has(call.name) || SENDS.has(call.name);
    if (remote === '' || local === '' || !talks) return null;
    return this.#open(remote);
  }

  #isListener(call: Call): boolean {
    if (this.#listeners.has(keyOf(call))) return true;
    return call.name !== 'close' && /^TCP(v6)?:\[[^>]*\]$/.test(call.file);
  }

  #open(address: string, unmatched = false): Connection {
    const number = this.connections.length + 1;
    const connection = newConnection(number, address);
    this.connections.push(connection);
    if (unmatched && this.#options.isClient !== undefined) this.#unmatched.push(connection);
    if (address !== '') this.#byAddress.set(address, connection);
    return connection;
  }

  // --- the clients' calls

  /** A client's own address is the connection's, from this end. */
  #tellClient(call: Call, thread: Thread): Omit<Told, 'idle' | 'blocked'> {
    const { local } = addressesOf(call.file);
    const own = `${thread.tid}:${call.fd}`;
    let connection = this.#byClientFd.get(own) ?? (local === '' ? null : this.#find(local));
    if (connection === null && call.name === 'connect' && call.result === 0) {
      connection = local === '' ? this.#connected() : this.#open(local);
    }
    if (connection !== null) {
      this.#byClientFd.set(own, connection);
      noteClient(connection, call);
    }
    if (call.name === 'close') this.#byClientFd.delete(own);
    const relevant = connection !== null;
    return { event: call, thread, connection, role: 'connection', relevant };
  }

  /** A client of a UNIX socket: the server may be told to have accepted it already. */
  #connected(): Connection {
    const first = this.#unmatched.find(({ accept }) => accept !== null);
    if (first === undefined) return this.#open('', true);
    this.#unmatched.splice(this.#unmatched.indexOf(first), 1);
    return first;
  }

  /** The server may have closed it before this end's last calls are told. */
  #find(address: string): Connection | null {
    const open = this.#byAddress.get(address);
    return open ?? this.connections.findLast((one) => one.address === address) ?? null;
  }
}

const NO_ROOM: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

/** What the recorder shows and strace is not asked for. */
const ASKS: ReadonlySet<string> = new Set(['getsockname', 'getpeername', 'getsockopt', 'fcntl']);

/** libuv waits in this one; a server's loop is known to the story by the listener in it. */
const RUNTIMES_OWN_WAIT = 'epoll_pwait';

/** Names that a server gives its threads itself. */
const NAMED = /^syskv-/;

/** A descriptor's identity: sockets by address, the others by number too. */
function keyOf({ fd, file }: Call): string {
  return `${fd}<${file}>`;
}

/** The first steps of a server, and what its threads have to say to one another. */
function isSetUp({ name, text, result }: Call): boolean {
  if (name === 'socket') return /^AF_(INET|UNIX)/.test(text);
  if (name === 'bind' || name === 'io_uring_setup') return true;
  // The runtime's own futexes are private to its process; those in shared memory are the server's.
  if (name !== 'futex' || !/FUTEX_(WAIT|WAKE)(,|$)/.test(text)) return false;
  return !(text.includes('FUTEX_WAKE') && result === 0);
}

function isIdle({ name, error, result }: Call): boolean {
  return name === 'futex' && (error !== '' || result === null);
}

/**
 * The thread to be called `main`: the one that listens; in a log that begins later, the one that
 * serves, if there is one alone. 0: there is none.
 */
export function findMain(events: readonly Event[]): number {
  const calls = events.filter((event) => event.kind === 'call');
  const listener = calls.find(({ name, result }) => name === 'listen' && result === 0);
  if (listener !== undefined) return listener.tid;
  const serving = calls.filter((call) => {
    if (NAMED.test(call.threadName)) return false;
    return ACCEPTS.has(call.name) || SERVING_WAITS.has(call.name) || call.file.startsWith('TCP');
  });
  const tids = new Set(serving.map(({ tid }) => tid));
  return tids.size === 1 ? [...tids][0] : 0;
}

const SERVING_WAITS = new Set([...WAITS].filter((name) => name !== RUNTIMES_OWN_WAIT));
