/** The password over HTTP: `Authorization: Basic` (RFC 7617) with the user `default`. */
import { sameText } from '../commands/connection.ts';

/** Whether this field's value opens a server with this password; '' is no password. */
export function isAuthorized(password: string, authorization: string | undefined): boolean {
  if (password === '') return true;
  const encoded = /^basic +([\w+/-]+=*)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return false;
  const [user, ...rest] = new TextDecoder().decode(Buffer.from(encoded, 'base64')).split(':');
  return user === 'default' && sameText(password, rest.join(':'));
}
