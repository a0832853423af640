/** What COMMAND tells of each command that is in Redis 7.0, too: the same, but for its summary. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABLE } from '../../src/commands/table.ts';
import { requireTool } from '../support/tools.ts';
import { type Connection, type Peer, redis, syskv } from './peer.ts';
import { replyValue, type Value } from './reply-value.ts';

requireTool('redis-server', 'redis-server');

/** Not in Redis 7.0. */
const OURS = ['exit', 'client|no-touch', 'client|setinfo'];
const NAMES = TABLE.rows.map(({ name }) => name).filter((name) => !OURS.includes(name));
/** Redis tells nothing of their arguments; ours serve as hints. */
const UNDOCUMENTED = ['command|getkeys', 'command|getkeysandflags', 'debug'];

let peers: Peer[] = [];
let connections: Connection[] = [];
beforeAll(async () => {
  peers = [redis(), syskv()];
  connections = await Promise.all(peers.map((peer) => peer.connect()));
  await both('HELLO', '3');
});
afterAll(() => Promise.all(peers.map((peer) => peer.end())));

async function both(...request: string[]): Promise<[Value, Value]> {
  const replies = await Promise.all(connections.map((peer) => peer.ask([request])));
  return replies.map(([reply]) => replyValue(reply)) as [Value, Value];
}

type Fields = { [name: string]: Value };

describe.each(NAMES)('%s', (name) => {
  test('COMMAND INFO', async () => {
    const [theirs, ours] = await both('COMMAND', 'INFO', name);
    expect(withoutSubcommands(ours)).toEqual(withoutSubcommands(theirs));
  });

  test('COMMAND DOCS', async () => {
    const [theirs, ours] = await both('COMMAND', 'DOCS', name);
    expect(comparableDocs(name, ours)).toEqual(comparableDocs(name, theirs));
  });
});

/** Here are fewer of these; each is compared by its own name. */
function withoutSubcommands(info: Value): Value {
  return ((info as Value[])[0] as Value[]).slice(0, -1);
}

function comparableDocs(name: string, docs: Value): Fields {
  const { summary, complexity, subcommands, ...rest } = (docs as Fields)[name] as Fields;
  expect(typeof summary).toBe('string');
  if (UNDOCUMENTED.includes(name)) delete rest['arguments'];
  return rest;
}

test('COMMAND LIST names subcommands, too', async () => {
  const [theirs, ours] = await both('COMMAND', 'LIST');
  expect(new Set(theirs as string[])).toEqual(new Set([...(theirs as string[]), ...NAMES]));
  expect((ours as string[]).toSorted()).toEqual([...NAMES, ...OURS].toSorted());
});

test.each(['keyspace', 'bitmap', 'transaction', 'fast', 'dangerous', 'nosuch'])(
  'COMMAND LIST FILTERBY ACLCAT %s',
  async (category) => {
    const [theirs, ours] = await both('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', category);
    const shared = (theirs as string[]).filter((name) => NAMES.includes(name));
    const known = (ours as string[]).filter((name) => !OURS.includes(name));
    expect(known.toSorted()).toEqual(shared.toSorted());
  },
);
