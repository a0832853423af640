import { expect, it } from 'vitest';
import { exposition } from '../../../src/protocol/http/prometheus.ts';

it('writes a comment on each metric and a line for each sample', () => {
  const text = exposition([
    { name: 'a_total', type: 'counter', help: 'All a', samples: [{ value: 1.5 }] },
    {
      name: 'b',
      type: 'gauge',
      help: 'x\\y\nz',
      samples: [
        { labels: { db: '0', name: 'q"\\\n' }, value: 2 },
        { labels: { db: '1' }, value: 3e30 },
      ],
    },
  ]);
  expect(text).toBe(
    [
      '# HELP a_total All a',
      '# TYPE a_total counter',
      'a_total 1.5',
      '# HELP b x\\\\y\\nz',
      '# TYPE b gauge',
      'b{db="0",name="q\\"\\\\\\n"} 2',
      'b{db="1"} 3e+30',
      '',
    ].join('\n'),
  );
});
