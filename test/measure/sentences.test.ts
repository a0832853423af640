/** What a report says about its figures: made-up figures in, sentences out. */
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/measure/cell.ts';
import type { LoadResult } from '../../src/measure/load/job.ts';
import type { Report, ReportedScenario } from '../../src/measure/report/report.ts';
import {
  costSentence,
  idleSentence,
  latencySentence,
  placeSentence,
  threadSentence,
  throughputSentence,
  warmthSentence,
} from '../../src/measure/report/sentences.ts';
import {
  cellOf,
  costingRounds,
  failedCell,
  impossibleCell,
  madeUpReport,
  reportWith,
  roundsOf,
  warmingWith,
} from './cells.ts';

const SERVERS = [
  { name: 'thread-per-connection', reference: false },
  { name: 'select', reference: false },
  { name: 'epoll', reference: false },
  { name: 'redis-server', reference: true },
  { name: 'floor', reference: true, isFloor: true },
  { name: 'floor-threads', reference: true, isFloor: true },
];
const NAME = '50-clients';
const FAST = [40_000, 41_000, 39_000];
const SLOW = [20_000, 20_500, 19_500];

type Sentence = (report: Report, scenario: ReportedScenario) => string;

function say(sentence: Sentence, cells: readonly Cell[], changes = {}): string {
  const report = reportWith(cells, SERVERS, changes);
  return sentence(report, report.scenarios[0]);
}

function server(name: string, perSecond: readonly number[], changes: Partial<LoadResult> = {}) {
  const rounds = roundsOf(...perSecond).map(({ closed, open }) => ({
    closed: { ...closed, ...changes },
    open,
  }));
  return cellOf(NAME, name, rounds);
}

const EPOLL = server('epoll', FAST);
const SELECT = server('select', SLOW);

describe('throughput', () => {
  test.each<[string, readonly Cell[], string]>([
    [
      'of two that differ',
      [SELECT, EPOLL],
      'epoll answers the most: 40,000 operations/s. The least comes from select: 20,000.',
    ],
    [
      'against a reference',
      [EPOLL, server('redis-server', SLOW)],
      'epoll answers the most: 40,000 operations/s, 2.00 × redis-server. ' +
        'The least comes from redis-server: 20,000.',
    ],
    [
      'of two whose rounds overlap',
      [EPOLL, server('select', [39_500, 40_200, 39_800])],
      'epoll and select answer the most, alike within their rounds: 39,800 to 40,000 operations/s.',
    ],
    ['of one', [EPOLL], 'epoll answers 40,000 operations/s.'],
    [
      'of a floor, which is none of the servers',
      [EPOLL, SELECT, server('floor', [90_000, 90_000, 90_000])],
      'epoll answers the most: 40,000 operations/s. The least comes from select: 20,000.',
    ],
    [
      'where the load was full',
      [server('epoll', FAST, { generatorShare: 0.99 }), SELECT],
      "epoll answered all that the load could send, 40,000 operations/s: it is the load's " +
        'limit, and no order.',
    ],
    [
      'where one can not, one failed and one was not reached',
      [
        impossibleCell(NAME, 'select', '1,006 of 1,050 clients served: its bitmaps end'),
        failedCell(NAME, 'thread-per-connection', 'no client got an answer within 700 ms'),
        { ...impossibleCell(NAME, 'redis-server', ''), outcome: 'unreached' },
      ],
      "select can't: 1,006 of 1,050 clients served: its bitmaps end. thread-per-connection " +
        'failed: no client got an answer within 700 ms. redis-server was not reached.',
    ],
    ['of nothing', [], 'Nothing was measured.'],
  ])('%s', (_, cells, expected) => {
    // A report of no cell has no scenario: any other one's will do.
    const all = cells.length > 0 ? cells : [cellOf(NAME, 'unknown', [])];
    expect(say(throughputSentence, all)).toBe(expected);
  });
});

describe('no order is given', () => {
  const tracer = { ...EPOLL.rounds[0].closed.cost!, tracer: 17 };

  test.each<[string, readonly Cell[], number, string]>([
    ['from one round', [EPOLL, SELECT], 1, "1 round of each can't show what chance does"],
    ['from two rounds', [EPOLL, SELECT], 2, "2 rounds of each can't show what chance does"],
    [
      'where others had the CPU',
      [server('epoll', FAST, { foreignShare: 0.34 }), SELECT],
      3,
      "others took up to 34 % of the server's CPU",
    ],
    [
      'where rounds lie far apart',
      [EPOLL, server('select', [10_000, 20_000, 40_000])],
      3,
      'the rounds of select lie too far apart',
    ],
    [
      'beside a tracer',
      [EPOLL, server('select', SLOW, { cost: tracer })],
      3,
      'a tracer was attached to select',
    ],
  ])('%s', (_, cells, rounds, why) => {
    for (const sentence of [throughputSentence, latencySentence, costSentence]) {
      expect(say(sentence, cells, { rounds })).toBe(`No order is given: ${why}.`);
    }
  });

  test('to a server that was not warm', () => {
    const warming = warmingWith({ isWarm: false, coldUs: 563, finalUs: 101, elapsedMs: 60_000 });
    const cold = { ...server('thread-per-connection', [1000, 1010, 990]), warming };
    const cells = [cold, EPOLL, SELECT];
    for (const sentence of [throughputSentence, latencySentence, costSentence]) {
      expect(say(sentence, cells)).toMatch(/^(?!.*thread-per-connection)/);
    }
    expect(say(warmthSentence, cells)).toBe(
      'thread-per-connection was not warm after 60.0 s of load: an operation took 563 µs at ' +
        'first, 101 µs at the end, so it has no place in any order here.',
    );
  });
});

describe('latency', () => {
  test('of two that differ', () => {
    expect(say(latencySentence, [EPOLL, SELECT])).toBe(
      'With 7,000 operations/s offered to each, 99 of 100 answers come soonest from epoll ' +
        'within 5.00 ms, latest from select within 10.0 ms; 1 of 1,000 takes longer than ' +
        '10.0 ms and 20.0 ms.',
    );
  });

  test('of one', () => {
    expect(say(latencySentence, [EPOLL])).toBe(
      'With 7,000 operations/s offered to each, 99 of 100 answers of epoll come within 5.00 ms.',
    );
  });

  test('does not name what rests on too few samples', () => {
    const cells = [server('epoll', [2000, 2010, 1990]), server('select', [1000, 1010, 990])];
    expect(say(latencySentence, cells)).toBe(
      'With 7,000 operations/s offered to each, 99 of 100 answers come soonest from epoll ' +
        'within 100 ms, latest from select within 200 ms.',
    );
  });

  test('of nobody', () => {
    expect(say(latencySentence, [impossibleCell(NAME, 'select', 'no')])).toBe(
      'No latency was measured.',
    );
  });
});

describe('cost', () => {
  const costing = (name: string, ...cpuUs: number[]) => cellOf(NAME, name, costingRounds(cpuUs));

  test('of three, two of which are alike', () => {
    const cells = [
      costing('epoll', 8, 8.2, 7.9),
      costing('select', 8.1, 8.3, 8),
      costing('redis-server', 12, 12.1, 11.9),
    ];
    expect(say(costSentence, cells)).toBe(
      'An operation takes the least CPU time under epoll and select: 8.00 µs to 8.10 µs, 80 % ' +
        'of it in the kernel. It takes the most under redis-server: 12.0 µs, 80 % of it in the ' +
        'kernel.',
    );
  });

  test('that is alike for all', () => {
    expect(say(costSentence, [costing('epoll', 8, 8, 8), costing('select', 8, 8, 8)])).toBe(
      'Within the rounds an operation costs alike under epoll and select: 8.00 µs, 80 % of it ' +
        'in the kernel.',
    );
  });

  test('of one', () => {
    expect(say(costSentence, [costing('epoll', 8, 8, 8)])).toBe(
      'An operation takes CPU time under epoll: 8.00 µs, 80 % of it in the kernel.',
    );
  });

  test('is unknown where the platform tells none', () => {
    const cells = [server('epoll', FAST, { cost: null })];
    expect(say(costSentence, cells)).toBe('No CPU time of a warm server is known.');
  });
});

describe('threads against one loop', () => {
  const epoll = cellOf(NAME, 'epoll', costingRounds([8, 8, 8], 0.75));
  const threads = cellOf(NAME, 'thread-per-connection', costingRounds([24, 24, 24], 0.5));
  const floors = [
    cellOf(NAME, 'floor', costingRounds([5, 5, 5])),
    cellOf(NAME, 'floor-threads', costingRounds([9, 9, 9])),
  ];
  const ratio =
    'thread-per-connection costs 3.00 × epoll (24.0 µs against 8.00 µs). Of the 16.0 µs more, ' +
    '6.00 µs are in the kernel and 10.0 µs in the server; it switches 0.100 times an operation, ' +
    'epoll 0.100 times.';

  test('says where the difference goes, and what C by the same calls takes', () => {
    expect(say(threadSentence, [threads, epoll, ...floors])).toBe(
      `${ratio} In C, by the same calls and without a store, threads cost 1.80 × floor ` +
        '(9.00 µs against 5.00 µs).',
    );
  });

  test('says nothing of C where no C was measured', () => {
    expect(say(threadSentence, [threads, epoll])).toBe(ratio);
  });

  test.each([
    ['without a loop', [threads], 3],
    [
      'of threads that are not warm',
      [{ ...threads, warming: warmingWith({ isWarm: false }) }, epoll],
      3,
    ],
    ['from one round', [threads, epoll], 1],
  ])('is not said %s', (_, cells, rounds) => {
    expect(say(threadSentence, cells, { rounds })).toBe('');
  });
});

describe('becoming warm', () => {
  test('took a time that is told', () => {
    const warming = warmingWith({
      ...{ coldUs: 563, finalUs: 22.1, threads: 50 },
      ...{ fastAfterMs: 34_000, fastAfterOperations: 812_000 },
    });
    const cells = [
      { ...server('thread-per-connection', FAST), warming },
      { ...server('redis-server', FAST), warming: warmingWith({ coldUs: 8, finalUs: 8 }) },
    ];
    expect(say(warmthSentence, cells)).toBe(
      'thread-per-connection took 563 µs an operation at first, 22.1 µs when it was warm; it ' +
        'came near to that after 34.0 s, 812,000 operations of 50 threads.',
    );
  });

  test('went on in the rounds', () => {
    const warming = warmingWith({ isWarm: false, isFalling: true });
    expect(say(warmthSentence, [{ ...EPOLL, warming }])).toBe(
      'epoll became cheaper with each round, so it has no place in any order here.',
    );
  });

  test('took nobody a while', () => {
    const cells = [{ ...EPOLL, warming: warmingWith({ coldUs: 8, finalUs: 8 }) }];
    expect(say(warmthSentence, cells)).toBe(
      'Every server was as fast in its first moments as later.',
    );
  });

  test('was not looked at', () => {
    expect(say(warmthSentence, [EPOLL])).toBe('');
  });
});

describe('idle connections', () => {
  test('leave a share of the throughput', () => {
    expect(idleSentence(madeUpReport())).toBe(
      'From 10 to 1,000 idle connections, this much of the throughput is left: epoll 100 %, ' +
        "node-net 100 % and poll 67 %. blocking can't: 1 of 50 clients served: it serves one " +
        'client.',
    );
  });

  test('leave shares in no order on a noisy machine', () => {
    const cells = ['idle-10', 'idle-1000'].flatMap((name, row) => [
      cellOf(name, 'select', roundsOf(20_000 / (row + 1), 60_000, 10_000)),
      cellOf(name, 'epoll', roundsOf(40_000, 41_000, 39_000)),
    ]);
    const report = reportWith(cells, SERVERS);
    expect(idleSentence(report)).toBe(
      'From 10 to 1,000 idle connections, this much of the throughput is left: select 50 % and ' +
        'epoll 100 %. No order is given: the rounds of select lie too far apart.',
    );
  });

  test('with nobody at one of the ends leave nothing to compare', () => {
    const cells = [
      cellOf('idle-10', 'epoll', roundsOf(40_000)),
      failedCell('idle-1000', 'epoll', 'it ended with SIGKILL'),
    ];
    expect(idleSentence(reportWith(cells, SERVERS))).toBe(
      'From 10 to 1,000 idle connections nothing can be compared. epoll failed: it ended with ' +
        'SIGKILL.',
    );
  });
});

describe('the place', () => {
  const places = 'The server that was loaded ran on CPU 0, the load on CPU 1; they took turns.';

  test.each<[string, readonly Cell[], readonly number[], string]>([
    ['alone', [EPOLL], [0], `${places} Others took at most 0 % of the server's CPU.`],
    [
      'beside others',
      [server('epoll', FAST, { foreignShare: 0.99 })],
      [0],
      `${places} Others took up to 99 % of the server's CPU: see the warnings.`,
    ],
    ['unpinned', [EPOLL], [], 'Servers and load shared 2 CPUs; the servers took turns.'],
  ])('%s', (_, cells, serverCpus, expected) => {
    expect(placeSentence(reportWith(cells, SERVERS, { serverCpus }))).toBe(expected);
  });
});
