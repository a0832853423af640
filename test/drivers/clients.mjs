/**
 * Clients of an echoing server, for tests; Node runs it as it is. Arguments: scenario, port. They
 * say `ready` when the server may begin, and on stderr what was wrong. Descriptor 3 is the server's
 * stop, which comes when it is closed; stdin ends when the server has.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { connect } from 'node:net';

const [scenario, port] = process.argv.slice(2);
const STOP = 3;

const SCENARIOS = {
  ...{ echoes, slowReaders, comeAndGo, neverReads, stopped },
  ...{ batches, longBatches, crowded, closes, floods, bursts },
};

process.on('uncaughtException', complain);
await SCENARIOS[scenario]().catch(complain);
process.exit();

function complain(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

function ready() {
  process.stdout.write('ready\n');
}

/** 30 at once send 300 kB each, in pieces of any size, then FIN; all of it comes back, then FIN. */
async function echoes() {
  ready();
  await Promise.all(Array.from({ length: 30 }, () => echo(300_000, () => {})));
}

/** The same, by clients that stop reading now and then. */
async function slowReaders() {
  ready();
  const hesitate = (client) => {
    if (randomInt(4) > 0) return;
    client.pause();
    setTimeout(() => client.resume(), randomInt(10));
  };
  await Promise.all(Array.from({ length: 10 }, () => echo(3_000_000, hesitate)));
}

async function echo(length, onData) {
  const bytes = randomBytes(length);
  const client = await join();
  let got = 0;
  client.on('data', (chunk) => {
    const same = bytes.compare(chunk, 0, chunk.length, got, got + chunk.length) === 0;
    if (!same) complain(new Error(`something else came back behind ${got} bytes`));
    got += chunk.length;
    onData(client);
  });
  for (let sent = 0; sent < length; ) {
    const end = Math.min(length, sent + randomInt(1, randomInt(2) === 0 ? 200 : 100_000));
    if (!client.write(bytes.subarray(sent, end))) await once(client, 'drain');
    sent = end;
  }
  client.end();
  await once(client, 'end');
  if (got !== length) throw new Error(`${got} of ${length} bytes came back`);
}

/** 600 in all, ten at a time; some ask and leave, some reset with a request under way. */
async function comeAndGo() {
  ready();
  const visits = async () => {
    for (let visit = 0; visit < 60; visit++) {
      const client = await join();
      client.write('hello');
      if (visit % 3 === 0) {
        client.resetAndDestroy();
        continue;
      }
      await read(client, 'hello');
      client.end();
      await once(client, 'end');
    }
  };
  await Promise.all(Array.from({ length: 10 }, visits));
}

/** One sends and does not read, until the server takes no more; another is served meanwhile. */
async function neverReads() {
  ready();
  const client = await join();
  client.pause();
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let unread = 0; unread < 1024; unread++) {
    if (client.write(piece)) continue;
    const stalled = new Promise((resolve) => setTimeout(resolve, 500, 'stalled'));
    if ((await Promise.race([once(client, 'drain'), stalled])) === 'stalled') break;
  }
  const other = await join();
  other.write('hello');
  await read(other, 'hello');
}

/** The server is stopped right behind a request; one client is idle, one does not read. */
async function stopped() {
  ready();
  const idle = await join();
  const deaf = await join();
  deaf.pause();
  deaf.write(Buffer.alloc(16 * 1024 * 1024));
  deaf.on('error', () => {});
  const asking = await join();
  asking.write('hello');
  await read(asking, 'hello');
  asking.write('the last one');
  closeSync(STOP);
  await read(asking, 'the last one');
  await Promise.all([once(asking, 'end'), once(idle, 'end')]);
  await once(process.stdin.resume(), 'end');
}

/** 50 connect and send 20 requests each before the server looks. */
async function batches() {
  await sendAhead(50, 20);
}

/** Eight send 300 requests each. */
async function longBatches() {
  await sendAhead(8, 300);
}

async function sendAhead(count, length) {
  const clients = await Promise.all(Array.from({ length: count }, join));
  const requests = 'request\r\n'.repeat(length);
  await Promise.all(clients.map((client) => new Promise((sent) => client.write(requests, sent))));
  ready();
  await Promise.all(clients.map((client) => read(client, requests)));
}

/**
 * Eight send 3 MB each without a pause, all of it under way before the server looks; thirty more
 * ask one thing. The server says something to each piece, and the kernel has it flow by itself.
 */
async function floods() {
  const piece = Buffer.alloc(3_000_000, 'f');
  const flooders = await joinInTurn(8);
  for (const client of flooders) client.end(piece);
  const askers = await joinInTurn(30);
  await Promise.all(askers.map((client) => new Promise((sent) => client.write('ask', sent))));
  const left = [...flooders, ...askers].map((client) => once(client.resume(), 'end'));
  for (const client of askers) client.end();
  ready();
  await Promise.all(left);
}

/** One asks, and three hundred more connect before the server looks. */
async function bursts() {
  const first = await join();
  first.end('ask');
  const others = await joinInTurn(300);
  const left = [first, ...others].map((client) => once(client.resume(), 'end'));
  ready();
  for (const client of others) client.end();
  await Promise.all(left);
}

/** The server accepts them in this order. */
async function joinInTurn(count) {
  const clients = [];
  for (let i = 0; i < count; i++) clients.push(await join());
  return clients;
}

/** 40 want in where there are descriptors for some ten; each leaves when it has been served. */
async function crowded() {
  ready();
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      const client = await join();
      client.write('hello');
      await read(client, 'hello');
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.end();
      await once(client, 'end');
    }),
  );
}

/** What the server does not read must not cost the client the last reply. */
async function closes() {
  ready();
  const client = await join();
  client.on('error', () => {});
  client.write(Buffer.alloc(4 * 1024 * 1024, 'x'));
  await read(client, 'bye');
  await once(client, 'end');
}

async function join() {
  const client = connect({
    host: '127.0.0.1',
    port: Number(port),
    noDelay: true,
    allowHalfOpen: true,
  });
  await once(client, 'connect');
  return client;
}

async function read(client, wanted) {
  let got = '';
  while (got.length < wanted.length) {
    const chunk = client.read();
    if (chunk !== null) got += chunk.toString('latin1');
    else if (client.readableEnded) throw new Error(`the server closed behind ${got.length} bytes`);
    else await Promise.race([once(client, 'readable'), once(client, 'end')]);
  }
  if (got !== wanted) throw new Error(`got ${JSON.stringify(got.slice(0, 100))}`);
}
