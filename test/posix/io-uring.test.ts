/**
 * A ring driven by nothing but the raw calls: what a program that uses them has to do, in order.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { check, posix } from '../../src/posix/index.ts';
import { run } from '../support/run.ts';
import { requireTool } from '../support/tools.ts';
import { ADDON, startChild } from './child.ts';
import { closing, NO_FD, openPair, openPipe, writeText } from './descriptors.ts';

const { constants: c } = posix;
const READ_WRITE = c.PROT_READ | c.PROT_WRITE;
const PAGE = posix.getpagesize();

function map(length: number, flags: number, fd: number, offset: number): ArrayBuffer {
  const result = posix.mmap(length, READ_WRITE, flags, fd, offset);
  if (typeof result === 'number') throw new Error(`mmap: errno ${-result}`);
  onTestFinished(() => {
    if (result.byteLength > 0) posix.munmap(result);
  });
  return result;
}

interface Completion {
  userData: number;
  res: number;
  flags: number;
}

/** The rings of one io_uring, one submission at a time. */
class Ring {
  readonly fd: number;
  readonly #params: Uint32Array;
  readonly #ring: Uint32Array;
  readonly #entries: DataView;

  constructor(entries: number, flags: number) {
    this.#params = new Uint32Array(c.IO_URING_PARAMS_WORDS);
    this.#params[c.IO_URING_PARAMS_FLAGS] = flags;
    this.fd = closing(check(posix.io_uring_setup(entries, this.#params), 'io_uring_setup'));
    // IORING_FEAT_SINGLE_MMAP: one mapping holds both rings, the completions last.
    const end = this.#param('CQ_OFF_CQES') + this.#param('CQ_ENTRIES') * c.IO_URING_CQE_BYTES;
    const shared = c.MAP_SHARED | c.MAP_POPULATE;
    this.#ring = new Uint32Array(map(end, shared, this.fd, c.IORING_OFF_SQ_RING));
    const size = this.#param('SQ_ENTRIES') * c.IO_URING_SQE_BYTES;
    this.#entries = new DataView(map(size, shared, this.fd, c.IORING_OFF_SQES));
  }

  #param(name: 'CQ_OFF_CQES' | 'CQ_ENTRIES' | 'SQ_ENTRIES' | RingField): number {
    return this.#params[c[`IO_URING_PARAMS_${name}`]];
  }

  #word(name: RingField): number {
    return this.#param(name) / 4;
  }

  /** Fills in the next submission; IORING_SETUP_NO_SQARRAY: its place is its turn. */
  submit(fields: Partial<Record<EntryField, number>>): void {
    const tail = this.#ring[this.#word('SQ_OFF_TAIL')];
    const slot = tail & this.#ring[this.#word('SQ_OFF_RING_MASK')];
    const start = slot * c.IO_URING_SQE_BYTES;
    for (let i = 0; i < c.IO_URING_SQE_BYTES; i += 4) this.#entries.setUint32(start + i, 0, true);
    for (const [name, value] of Object.entries(fields)) {
      this.#setField(start, name as EntryField, value);
    }
    Atomics.store(this.#ring, this.#word('SQ_OFF_TAIL'), tail + 1);
  }

  #setField(start: number, name: EntryField, value: number): void {
    const at = start + c[`IO_URING_SQE_${name}`];
    if (name === 'OPCODE' || name === 'FLAGS') this.#entries.setUint8(at, value);
    else if (name === 'IOPRIO' || name === 'BUF_GROUP') this.#entries.setUint16(at, value, true);
    else this.#entries.setUint32(at, value >>> 0, true);
  }

  enter(submissions: number, completions: number): number {
    return posix.io_uring_enter(this.fd, submissions, completions, c.IORING_ENTER_GETEVENTS);
  }

  reap(): Completion[] {
    const tail = Atomics.load(this.#ring, this.#word('CQ_OFF_TAIL'));
    const mask = this.#ring[this.#word('CQ_OFF_RING_MASK')];
    const found: Completion[] = [];
    let head = this.#ring[this.#word('CQ_OFF_HEAD')];
    for (; head !== tail; head = (head + 1) >>> 0) {
      const start = this.#param('CQ_OFF_CQES') + (head & mask) * c.IO_URING_CQE_BYTES;
      found.push({
        userData: this.#ring[(start + c.IO_URING_CQE_USER_DATA) / 4],
        res: this.#ring[(start + c.IO_URING_CQE_RES) / 4] | 0,
        flags: this.#ring[(start + c.IO_URING_CQE_FLAGS) / 4],
      });
    }
    Atomics.store(this.#ring, this.#word('CQ_OFF_HEAD'), head);
    return found;
  }
}

type RingField =
  | 'SQ_OFF_TAIL'
  | 'SQ_OFF_RING_MASK'
  | 'CQ_OFF_HEAD'
  | 'CQ_OFF_TAIL'
  | 'CQ_OFF_RING_MASK';

type EntryField =
  | 'OPCODE'
  | 'FLAGS'
  | 'IOPRIO'
  | 'FD'
  | 'LEN'
  | 'OP_FLAGS'
  | 'USER_DATA'
  | 'BUF_GROUP';

const FLAGS = c.IORING_SETUP_SINGLE_ISSUER | c.IORING_SETUP_DEFER_TASKRUN;

function openRing(): Ring {
  return new Ring(8, FLAGS | c.IORING_SETUP_NO_SQARRAY);
}

test('a NOP goes round', () => {
  const ring = openRing();
  ring.submit({ OPCODE: c.IORING_OP_NOP, USER_DATA: 42 });
  expect(ring.enter(1, 1)).toBe(1);
  expect(ring.reap()).toEqual([{ userData: 42, res: 0, flags: 0 }]);
});

const BUFFERS = 4;
const BUFFER_BYTES = 1024;
const GROUP = 9;

/** A ring of four provided buffers behind one another in one mapping, all handed out. */
function provideBuffers(ring: Ring): Uint8Array {
  const memory = map(PAGE + BUFFERS * BUFFER_BYTES, c.MAP_PRIVATE | c.MAP_ANONYMOUS, -1, 0);
  const start = posix.addressOf(new Uint8Array(memory));
  const view = new DataView(memory);
  for (let id = 0; id < BUFFERS; id++) {
    const at = id * c.IO_URING_BUF_BYTES;
    const address = BigInt(start + PAGE + id * BUFFER_BYTES);
    view.setBigUint64(at + c.IO_URING_BUF_ADDR, address, true);
    view.setUint32(at + c.IO_URING_BUF_LEN, BUFFER_BYTES, true);
    view.setUint16(at + c.IO_URING_BUF_BID, id, true);
  }
  view.setUint16(c.IO_URING_BUF_RING_TAIL, BUFFERS, true);
  const registration = new Uint32Array(c.IO_URING_BUF_REG_WORDS);
  const fields = new DataView(registration.buffer);
  fields.setBigUint64(c.IO_URING_BUF_REG_RING_ADDR, BigInt(start), true);
  fields.setUint32(c.IO_URING_BUF_REG_RING_ENTRIES, BUFFERS, true);
  fields.setUint16(c.IO_URING_BUF_REG_BGID, GROUP, true);
  check(
    posix.io_uring_register(ring.fd, c.IORING_REGISTER_PBUF_RING, registration, 1),
    'io_uring_register',
  );
  return new Uint8Array(memory, PAGE);
}

function receiveInto(ring: Ring, fd: number): void {
  ring.submit({
    OPCODE: c.IORING_OP_RECV,
    FLAGS: c.IOSQE_BUFFER_SELECT,
    IOPRIO: c.IORING_RECV_MULTISHOT,
    FD: fd,
    BUF_GROUP: GROUP,
    USER_DATA: fd,
  });
}

test('one multishot recv brings each message in a provided buffer, then the end', () => {
  const ring = openRing();
  const buffers = provideBuffers(ring);
  const [near, far] = openPair();
  receiveInto(ring, near);
  expect(ring.enter(1, 0)).toBe(1);
  for (const text of ['one', 'three']) {
    writeText(far, text);
    expect(ring.enter(0, 1)).toBe(0);
    const [completion] = ring.reap();
    expect(completion.res).toBe(text.length);
    expect(completion.flags & c.IORING_CQE_F_MORE).not.toBe(0);
    const start = (completion.flags >>> c.IORING_CQE_BUFFER_SHIFT) * BUFFER_BYTES;
    const received = buffers.subarray(start, start + completion.res);
    expect(new TextDecoder().decode(received)).toBe(text);
  }
  posix.shutdown(far, c.SHUT_WR);
  ring.enter(0, 1);
  const [end] = ring.reap();
  expect([end.userData, end.res, end.flags & c.IORING_CQE_F_MORE]).toEqual([near, 0, 0]);
});

test('with no buffer left, a multishot recv ends with ENOBUFS', () => {
  const ring = openRing();
  provideBuffers(ring);
  const [near, far] = openPair();
  receiveInto(ring, near);
  ring.enter(1, 0);
  for (let round = 0; round < BUFFERS; round++) {
    writeText(far, 'x');
    ring.enter(0, 1);
    expect(ring.reap().map(({ res }) => res)).toEqual([1]);
  }
  writeText(far, 'x');
  ring.enter(0, 1);
  expect(ring.reap().map(({ res }) => res)).toEqual([-c.ENOBUFS]);
});

test('a timeout ends the wait for completions', () => {
  const ring = openRing();
  const flags = c.IORING_ENTER_GETEVENTS | c.IORING_ENTER_EXT_ARG;
  const { SIGUSR2, ETIME } = c;
  expect(posix.io_uring_enter(ring.fd, 0, 1, flags, 0.5)).toBe(-ETIME);
  expect(posix.io_uring_enter(ring.fd, 0, 1, flags, 0.5, [SIGUSR2])).toBe(-ETIME);
});

test('a probe tells what the kernel supports', () => {
  const ring = openRing();
  const probe = new Uint32Array(4 + 2 * 64);
  expect(posix.io_uring_register(ring.fd, c.IORING_REGISTER_PROBE, probe, 64)).toBe(0);
  const flags = probe[4 + 2 * c.IORING_OP_RECV] >>> 16;
  expect(flags & c.IO_URING_OP_SUPPORTED).not.toBe(0);
});

test('errors come back as -errno', () => {
  const params = new Uint32Array(c.IO_URING_PARAMS_WORDS);
  expect(posix.io_uring_setup(0, params)).toBe(-c.EINVAL);
  expect(posix.io_uring_enter(NO_FD, 0, 0, 0)).toBe(-c.EBADF);
  expect(posix.io_uring_enter(openPipe()[0], 0, 0, 0)).toBe(-c.EOPNOTSUPP);
  expect(posix.io_uring_register(NO_FD, c.IORING_UNREGISTER_FILES, null, 0)).toBe(-c.EBADF);
  const ring = openRing();
  expect(posix.io_uring_register(ring.fd, c.IORING_UNREGISTER_FILES, null, 0)).toBe(-c.ENXIO);
});

test('a process that may open no descriptor more gets EMFILE', async () => {
  const child = startChild(`
    posix.setrlimit(c.RLIMIT_NOFILE, { soft: 3, hard: 3 });
    say(posix.io_uring_setup(4, new Uint32Array(c.IO_URING_PARAMS_WORDS)) === -c.EMFILE);
  `);
  await child.exited;
  expect(child.lines).toEqual(['true']);
});

test('a ring is mapped within its size', () => {
  const ring = openRing();
  const longer = () => posix.mmap(1 << 26, READ_WRITE, c.MAP_SHARED, ring.fd, c.IORING_OFF_SQES);
  expect(longer).toThrow(/"length"/);
});

test('the pages of a ring cannot be given back', () => {
  const shared = c.MAP_SHARED | c.MAP_POPULATE;
  const entries = new Uint8Array(map(PAGE, shared, openRing().fd, c.IORING_OFF_SQES));
  expect(() => posix.madvise(entries, 0, PAGE, c.MADV_DONTNEED)).toThrow(/"buffer"/);
});

test('structs that are too short, and what cannot be measured, are misuse', () => {
  const ring = openRing();
  const { IORING_REGISTER_PROBE, IORING_REGISTER_PBUF_RING, IORING_SETUP_NO_MMAP } = c;
  const IORING_REGISTER_FILES_UPDATE = 6;
  const register = (opcode: number, words: number, count: number) => () =>
    posix.io_uring_register(ring.fd, opcode, new Uint32Array(words), count);
  expect(() => posix.io_uring_setup(4, new Uint32Array(29))).toThrow(/"params"/);
  const own = new Uint32Array(c.IO_URING_PARAMS_WORDS);
  own[c.IO_URING_PARAMS_FLAGS] = IORING_SETUP_NO_MMAP;
  expect(() => posix.io_uring_setup(4, own)).toThrow(/NO_MMAP/);
  expect(register(IORING_REGISTER_PROBE, 4 + 2 * 64, 65)).toThrow(/"arg"/);
  expect(register(IORING_REGISTER_PBUF_RING, 9, 1)).toThrow(/"arg"/);
  expect(register(c.IORING_REGISTER_FILES, 1, 0xffffffff)).toThrow(/"arg"/);
  expect(register(IORING_REGISTER_FILES_UPDATE, 64, 1)).toThrow(/"opcode"/);
});

test('a timeout without IORING_ENTER_EXT_ARG, or the flag without one, is misuse', () => {
  const { fd } = openRing();
  expect(() => posix.io_uring_enter(fd, 0, 0, 0, 5)).toThrow(/"flags"/);
  expect(() => posix.io_uring_enter(fd, 0, 0, c.IORING_ENTER_EXT_ARG)).toThrow(/"timeoutMs"/);
  const IORING_ENTER_EXT_ARG_REG = 1 << 6;
  expect(() => posix.io_uring_enter(fd, 0, 0, IORING_ENTER_EXT_ARG_REG)).toThrow(/"flags"/);
});

describe('refused by a policy, or by an old kernel', () => {
  requireTool('strace', 'strace');

  test.each(['EPERM', 'ENOSYS'] as const)('io_uring_setup answers -%s', async (error) => {
    const script = `
      const posix = require(${JSON.stringify(ADDON)});
      const params = new Uint32Array(posix.constants.IO_URING_PARAMS_WORDS);
      console.log(posix.io_uring_setup(4, params));
    `;
    const refusing = ['-f', '-e', `inject=io_uring_setup:error=${error}`, '-e', 'signal=none'];
    const node = [process.execPath, '-e', script];
    const traced = ['-e', 'trace=io_uring_setup', ...refusing];
    const { stdout, stderr } = await run('strace', [...traced, ...node]);
    expect(stderr).toContain('(INJECTED)');
    expect(stdout).toBe(`${-c[error]}\n`);
  });
});
