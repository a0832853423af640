// Calls every function it is told of with anything at all. Run as a process of its own, which the
// test watches: a crash of the addon is a signal here. Prints how many calls gave a number and how
// many threw.
//
//   node fuzz.mjs ADDON SIGNATURES RUNS      SIGNATURES: JSON, [[name, [kind, …]], …]
import { createRequire } from 'node:module';
import fc from 'fast-check';

const [, , addon, signatures, runs] = process.argv;
const posix = createRequire(import.meta.url)(addon);
const c = posix.constants;

/** Numbers that no open descriptor has. */
const NO_FDS = [-1, -(2 ** 31), 2 ** 31 - 1, 1_000_001];
/** These would change what a number means to this process, or make it wait. */
const ONLY_NO_FD = /^(close|dup2|dup3|fcntl)$/;

/** Node's own descriptors are below, those of a run are here and above. */
const FLOOR = 64;
/** More than one run makes: three control messages with sixteen each. */
const MOST_MADE = 64;

/** Two connected sockets that never block; what the calls do to them is undone by closing them. */
const pair = new Int32Array(2);

function detached() {
  const view = new Uint8Array(16);
  structuredClone(view, { transfer: [view.buffer] });
  return view;
}

function throwing() {
  return new Proxy(
    {},
    {
      get() {
        throw new Error('get');
      },
      set() {
        throw new Error('set');
      },
    },
  );
}

const views = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.int32Array({ maxLength: 16 }),
  fc.uint32Array({ maxLength: 16, max: 70 }),
  fc.float64Array({ maxLength: 8 }),
  fc.nat(64).map((length) => new Uint8Array(new SharedArrayBuffer(length))),
  fc.constant(null).map(detached),
);

const address = fc.record(
  {
    family: fc.oneof(fc.constantFrom(c.AF_INET, c.AF_INET6, c.AF_UNIX, c.AF_UNSPEC), fc.anything()),
    address: fc.oneof(fc.constantFrom('127.0.0.1', '::1'), fc.string(), fc.anything()),
    port: fc.oneof(fc.nat(70_000), fc.anything()),
    // No '/': a path stays in this process's own empty folder.
    path: fc.string({ maxLength: 120 }).map((text) => text.replaceAll('/', '_')),
    scopeId: fc.nat(),
  },
  { requiredKeys: [] },
);

const control = fc.record(
  {
    level: fc.oneof(fc.constant(c.SOL_SOCKET), fc.integer(), fc.anything()),
    type: fc.oneof(fc.constantFrom(c.SCM_RIGHTS, c.SCM_CREDENTIALS), fc.integer(), fc.anything()),
    data: fc.oneof(
      fc.constant(null).map(() => new Uint8Array(Int32Array.of(pair[0]).buffer)),
      views,
    ),
  },
  { requiredKeys: [] },
);

const message = fc.record(
  {
    name: fc.oneof(fc.constant(null), address, fc.anything()),
    iov: fc.oneof(fc.array(views, { maxLength: 4 }), fc.anything()),
    control: fc.oneof(
      fc.array(control, { maxLength: 3 }),
      fc.constant([]).map(() => []),
    ),
    controllen: fc.oneof(fc.nat(100), fc.anything()),
    flags: fc.anything(),
  },
  { requiredKeys: ['iov'] },
);

const anything = fc.oneof(
  fc.anything({ withBigInt: true, withTypedArray: true, withSparseArray: true, withDate: true }),
  fc.constantFrom(Number.NaN, Infinity, -0, 2 ** 32, 2 ** 53, -1, 0.5, Symbol('x')),
  // A function is called for its value: fast-check could not print this one.
  fc.constant(throwing),
  views,
  message,
  address,
);

const number = fc.oneof(fc.integer({ min: -2, max: 70 }), fc.integer());
const words = fc.oneof(fc.uint32Array({ maxLength: 16, max: 70 }), fc.int32Array());

/** Values of the right kind, so that a call is made at all. */
const FITTING = {
  integer: number,
  count: fc.nat(70),
  bytes: fc.uint8Array({ maxLength: 64 }),
  memory: views,
  words,
  pair: fc.constant(null).map(() => new Int32Array(2)),
  address,
  answer: fc.oneof(
    fc.constant(null),
    fc.constant({}).map(() => ({})),
    address,
  ),
  object: fc.oneof(message, address),
  list: fc.oneof(fc.array(views, { maxLength: 4 }), fc.array(message, { maxLength: 3 })),
  timeout: fc.oneof(fc.constant(null), fc.double()),
  text: fc.string({ maxLength: 40 }).map((text) => text.replaceAll('/', '_')),
};

/** Descriptors are never garbage that could be a number of this process. */
function fdFor(name) {
  const none = fc.constantFrom(...NO_FDS);
  const wrong = fc.constantFrom(undefined, null, '1', {}, Number.NaN, 0.5, 2 ** 32 + 1, 1n);
  if (ONLY_NO_FD.test(name)) return fc.oneof(none, wrong);
  const real = fc.constantFrom(0, 1).map((end) => () => pair[end]);
  return fc.oneof({ weight: 3, arbitrary: real }, none, wrong);
}

function argumentsFor(name, kinds) {
  return fc.tuple(
    ...kinds.map((kind) => {
      if (kind === 'fd') return fdFor(name);
      const garbage =
        kind === 'text' ? anything.filter((value) => typeof value !== 'string') : anything;
      return fc.oneof({ weight: 4, arbitrary: FITTING[kind] }, { weight: 1, arbitrary: garbage });
    }),
  );
}

const counts = { answered: 0, threw: 0 };

function callOnce(name, given) {
  try {
    const result = posix[name](...given);
    if (typeof result !== 'number') throw new Error(`${name} gave ${String(result)}`);
    counts.answered++;
  } catch (error) {
    if (/ gave /.test(error?.message)) throw error;
    counts.threw++;
  }
}

function run(name, drawn) {
  const type = c.SOCK_SEQPACKET | c.SOCK_NONBLOCK | c.SOCK_CLOEXEC;
  if (posix.socketpair(c.AF_UNIX, type, 0, pair) !== 0) throw new Error('no sockets');
  posix.send(pair[0], new Uint8Array(8), 0, 8, 0);
  posix.send(pair[1], new Uint8Array(8), 0, 8, 0);
  callOnce(
    name,
    drawn.map((value) => (typeof value === 'function' ? value() : value)),
  );
  for (let fd = FLOOR; fd < FLOOR + MOST_MADE; fd++) posix.close(fd);
}

while (posix.dup(0) < FLOOR - 1);
for (const [name, kinds] of JSON.parse(signatures)) {
  fc.assert(
    fc.property(argumentsFor(name, kinds), (drawn) => run(name, drawn)),
    { numRuns: Number(runs) },
  );
}
console.log(JSON.stringify(counts));
