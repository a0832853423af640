/** The generator's requests, as bytes. */
import { describe, expect, test } from 'vitest';
import { batchesOf, batchOf, digitsOf, requestOf, writeKey } from '../../src/measure/load/batch.ts';
import type { Workload } from '../../src/measure/load/job.ts';

const WORKLOAD: Workload = {
  mix: ['SET', 'GET'],
  valueBytes: 3,
  keys: 1000,
  distribution: 'uniform',
};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('a batch', () => {
  test('holds its requests one after the other', () => {
    const { bytes, replies } = batchOf(['SET', 'GET'], 3);
    expect(text(bytes)).toBe(
      '*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000\r\n$3\r\nxxx\r\n' +
        '*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000000\r\n',
    );
    expect(replies).toBe(2);
  });

  test('knows where each key ends, and gets another key there', () => {
    const { bytes, keyEnds } = batchOf(['GET', 'INCR'], 3);
    writeKey(bytes, keyEnds[0], 7, 3);
    writeKey(bytes, keyEnds[1], 999, 3);
    expect(text(bytes)).toContain('key:000000000007\r\n');
    expect(text(bytes)).toContain('ctr:000000000999\r\n');
  });

  test('of MGET has ten keys and one reply', () => {
    const { keyEnds, replies } = batchOf(['MGET'], 3);
    expect([keyEnds.length, replies]).toEqual([10, 1]);
  });

  test('without keys has none to write', () => {
    expect(text(requestOf('PING').bytes)).toBe('*1\r\n$4\r\nPING\r\n');
    expect(batchOf(['PING'], 3).keyEnds.length).toBe(0);
  });
});

describe('a mix', () => {
  test('is a choice of batches without pipelining', () => {
    expect(batchesOf(WORKLOAD, 1).map(({ replies }) => replies)).toEqual([1, 1]);
  });

  test('takes turns within a pipeline', () => {
    const [batch, ...others] = batchesOf(WORKLOAD, 4);
    expect(others).toEqual([]);
    expect(text(batch.bytes).match(/SET|GET/g)).toEqual(['SET', 'GET', 'SET', 'GET']);
  });
});

test.each([
  [1, 1],
  [10, 1],
  [11, 2],
  [100_000, 5],
])('%i keys are numbered with %i digits', (keys, digits) => {
  expect(digitsOf(keys)).toBe(digits);
});
