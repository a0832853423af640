/**
 * Connects many clients to `host:port` and does what its input asks, for tests; Node runs it as it
 * is. Arguments: address, how many. Each line of input: how many ask what, and what they expect.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [address, wanted] = process.argv.slice(2);
const [host, port] = address.split(':');
/** As many at a time as the server's backlog takes (`--tcp-backlog`, 511). */
const AT_ONCE = 200;

const clients = [];
while (clients.length < Number(wanted)) {
  const some = Math.min(AT_ONCE, Number(wanted) - clients.length);
  clients.push(...(await Promise.all(Array.from({ length: some }, join))));
}
process.stdout.write('connected\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { count, request, reply } = JSON.parse(line);
  await Promise.all(clients.slice(-count).map((client) => exchange(client, request, reply)));
  process.stdout.write('answered\n');
}
for (const client of clients) client.resetAndDestroy();

function join() {
  return new Promise((resolve, reject) => {
    const client = connect({ host, port: Number(port), noDelay: true });
    client.once('error', reject);
    client.once('connect', () => resolve(client.off('error', reject).on('error', () => {})));
  });
}

function exchange(client, request, reply) {
  return new Promise((resolve, reject) => {
    let got = '';
    const take = (chunk) => {
      got += chunk.toString('latin1');
      if (got.length < reply.length) return;
      client.off('data', take);
      if (got === reply) resolve();
      else reject(new Error(`got ${JSON.stringify(got)}`));
    };
    client.on('data', take);
    client.once('close', () => reject(new Error('closed by the server')));
    client.write(request, 'latin1');
  });
}
