/**
 * Clients that send one request again and again without waiting for replies, for tests; Node runs
 * it as it is. Arguments: address, how many, the request. Each line of input is answered with the
 * bytes that each of them has got so far.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [address, count, request] = process.argv.slice(2);
const [host, port] = address.split(':');
/** More than a server reads at once. */
const BATCH_BYTES = 256 * 1024;

const batch = Buffer.from(request.repeat(Math.ceil(BATCH_BYTES / request.length)), 'latin1');
const got = new Array(Number(count)).fill(0);
for (const i of got.keys()) {
  const client = connect({ host, port: Number(port) });
  const pour = () => {
    while (client.write(batch));
  };
  client.on('connect', pour);
  client.on('drain', pour);
  client.on('data', (chunk) => {
    got[i] += chunk.length;
  });
  client.on('error', () => {});
}
for await (const _ of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(got)}\n`);
}
process.exit();
