/** INFO, read field by field. */
import type { Client } from './client.ts';

/** The fields of one of INFO's sections, asked for by a RESP client. */
export async function infoOf(client: Client, section: string): Promise<Record<string, string>> {
  client.send(`INFO ${section}\r\n`);
  const length = Number((await client.readUntil('\r\n')).slice(1));
  const text = (await client.read(length + 2)).split('\r\n');
  return Object.fromEntries(
    text.filter((line) => line.includes(':')).map((line) => line.split(':')),
  );
}
