/** `prefork`: a process that dies amid a large value leaves nothing of it held. */
import { expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { connectLarge, type LargeClient, largeValue, setOf } from '../support/large.ts';
import { startServer } from '../support/server.ts';

const MEBIBYTE = 1024 ** 2;
const VALUE = largeValue(6 * MEBIBYTE);

async function amidReply(client: LargeClient): Promise<void> {
  client.send(...setOf('key', VALUE), 'GET key\r\n');
  await client.expect('+OK\r\n$');
}

async function amidRequest(client: LargeClient): Promise<void> {
  const [head, value] = setOf('key', VALUE) as [string, Uint8Array];
  await client.sendAll(head, value.subarray(0, 4 * MEBIBYTE));
}

test.each([
  ['a reply', amidReply],
  ['a request', amidRequest],
])('a process that is killed (SIGKILL) amid %s leaves nothing held', async (_what, begin) => {
  const server = await startServer('--mode', 'prefork', '--threads', '2');
  const witness = await connect(server);
  const itsPid = Number((await infoOf(witness, 'server'))['process_id']);
  await begin(await connectLarge(server));
  const used = async () => Number((await infoOf(witness, 'memory'))['used_memory']);
  await eventually(async () => (await used()) > VALUE.length);
  witness.send('DEL key\r\n');
  await witness.readUntil('\r\n');
  expect(await used()).toBeGreaterThan(VALUE.length);
  const victim = server.children.find((pid) => pid !== itsPid)!;
  process.kill(victim, 'SIGKILL');
  await eventually(async () => (await used()) < MEBIBYTE);
  witness.send('DEBUG VERIFY\r\n');
  expect(await witness.readUntil('\r\n')).toBe('+OK\r\n');
});
