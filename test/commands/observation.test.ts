/** SLOWLOG, LATENCY, MEMORY, DEBUG and SHUTDOWN: what they ask the server, and how they answer. */
import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

describe('SLOWLOG GET', () => {
  it('tells number, time, microseconds, words, client and name', () => {
    const { run, server } = new CommandDriver();
    server.slowEntries = [
      {
        id: 7,
        at: 1700,
        microseconds: 15_000,
        words: ['get', '\xff'],
        address: '1.2.3.4:5',
        name: 'me',
      },
    ];
    expect(run('SLOWLOG', 'GET')).toBe(
      '*1\r\n*6\r\n:7\r\n:1700\r\n:15000\r\n*2\r\n$3\r\nget\r\n$1\r\n\xff\r\n$9\r\n1.2.3.4:5\r\n$2\r\nme\r\n',
    );
  });
});

describe('LATENCY', () => {
  const samples = [
    [100, 30],
    [160, 10],
  ] as const;

  function watched() {
    const driver = new CommandDriver();
    driver.server.latencyEvents = [{ name: 'command', samples, worstMs: 40 }];
    driver.call.nowMs = 170_000;
    return driver;
  }

  it('LATEST tells the last and the worst', () => {
    expect(watched().run('LATENCY', 'LATEST')).toBe(
      '*1\r\n*4\r\n$7\r\ncommand\r\n:160\r\n:10\r\n:40\r\n',
    );
  });

  it('HISTORY tells all, and nothing of what never happened', () => {
    const { run } = watched();
    expect(run('LATENCY', 'HISTORY', 'command')).toBe(
      '*2\r\n*2\r\n:100\r\n:30\r\n*2\r\n:160\r\n:10\r\n',
    );
    expect(run('LATENCY', 'HISTORY', 'fork')).toBe('*0\r\n');
  });

  it('GRAPH draws a column a sample', () => {
    expect(watched().bulk('LATENCY', 'GRAPH', 'command')).toBe(
      [
        'command - high 30 ms, low 10 ms (all time high 40 ms)',
        '-'.repeat(80),
        ...['# ', '# ', '# ', '##'],
        '',
        ...['11', 'm0', ' s'],
        '',
      ].join('\n'),
    );
  });

  it('HISTOGRAM tells cumulated counts, of the commands that are asked for', () => {
    const { run } = new CommandDriver();
    const get =
      '$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n*4\r\n:1\r\n:2\r\n:4\r\n:3\r\n';
    expect(run('LATENCY', 'HISTOGRAM', 'GET', 'set')).toBe(`*2\r\n${get}`);
    expect(run('LATENCY', 'HISTOGRAM', 'set')).toBe('*0\r\n');
  });
});

describe('DEBUG', () => {
  it.each([
    [['SLEEP', '0.25'], 'sleep 250'],
    [['SLEEP', 'x'], 'sleep 0'],
    [['SET-ACTIVE-EXPIRE', '0'], 'active expiry false'],
    [['set-active-expire', '1'], 'active expiry true'],
  ])('%j asks for: %s', (words, asked) => {
    const { run, server } = new CommandDriver();
    expect(run('DEBUG', ...words)).toBe('+OK\r\n');
    expect(server.asked).toEqual([asked]);
  });

  it('is for local connections', () => {
    const driver = new CommandDriver();
    driver.call.client = { ...driver.client, address: '192.0.2.1:5' };
    expect(driver.run('DEBUG', 'SLEEP', '1')).toMatch(/^-ERR DEBUG command not allowed/);
    expect(driver.server.asked).toEqual([]);
  });
});

describe('SHUTDOWN', () => {
  it.each([[[]], [['NOSAVE']], [['now', 'FORCE']], [['SAVE', 'FORCE']]])(
    '%j stops, and says nothing',
    (words) => {
      const { run, server, client } = new CommandDriver();
      expect(run('SHUTDOWN', ...words)).toBe('');
      expect([server.asked, client.closing]).toEqual([['stop'], true]);
    },
  );

  it('SAVE is refused: there is nowhere to save to', () => {
    const { run, server } = new CommandDriver();
    expect(run('SHUTDOWN', 'SAVE')).toMatch(/^-ERR Errors trying to SHUTDOWN/);
    expect(server.asked).toEqual([]);
  });
});

it('MEMORY STATS gives pairs, ratios as doubles in RESP3', () => {
  const { run } = new CommandDriver();
  run('SET', 'a', '1');
  run('HELLO', '3');
  const reply = run('MEMORY', 'STATS');
  expect(reply).toMatch(/^%28\r\n\$14\r\npeak\.allocated\r\n:4000\r\n/);
  expect(reply).toContain('$15\r\npeak.percentage\r\n,75\r\n');
  expect(reply).toContain('$10\r\nkeys.count\r\n:1\r\n');
});

it('CLIENT KILL ends those that all filters choose, but not itself', () => {
  const driver = new CommandDriver();
  const view = driver.server.clients(driver.client)[0];
  driver.server.others = [
    { ...view, id: 8, address: '10.0.0.1:5' },
    { ...view, id: 9, address: '10.0.0.2:5' },
  ];
  expect(driver.run('CLIENT', 'KILL', 'TYPE', 'normal', 'ADDR', '10.0.0.2:5')).toBe(':1\r\n');
  expect(driver.run('CLIENT', 'KILL', 'TYPE', 'normal')).toBe(':2\r\n');
  expect(driver.server.asked).toEqual(['kill 9', 'kill 8', 'kill 9']);
  expect(driver.run('CLIENT', 'KILL', 'ID', '7', 'SKIPME', 'no')).toBe(':1\r\n');
  expect(driver.client.closing).toBe(true);
});
