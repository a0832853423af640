/** Passwords in a log that was read: stars in their place, before anything is shown or drawn. */
import { RECEIVES, SENDS, SUBMISSION } from '../calls.ts';
import type { Call } from '../event.ts';
import type { Told } from '../story.ts';
import { RequestSecrets } from './requests.ts';
import { findSettings } from './settings.ts';

/** As long as the password: the lengths that were logged stay true. */
export const STAR = 0x2a;

export class SecretMask {
  readonly #requests = new Map<string, RequestSecrets>();

  /** The same event without its passwords. Events have to come in their order. */
  apply(told: Told): Told {
    const { event } = told;
    if (event.kind !== 'call') return told;
    const { name } = event;
    if (isEnd(event)) this.#requests.delete(keyOf(told));
    const asks = (told.thread.side === 'client' ? SENDS : RECEIVES).has(name);
    if (event.movedBytes === 0 || (!asks && !SENDS.has(name) && !RECEIVES.has(name))) return told;
    const masked = event.bytes.slice();
    let found = false;
    const hide = (from: number, to: number) => {
      masked.fill(STAR, from, to);
      found = true;
    };
    findSettings(event.bytes, 0, event.bytes.length, hide);
    if (asks) this.#scan(keyOf(told), event, hide);
    if (!found) return told;
    return { ...told, event: { ...event, bytes: masked, text: withoutTexts(event.text) } };
  }

  #scan(key: string, { bytes, movedBytes }: Call, hide: (from: number, to: number) => void): void {
    const requests = this.#requests.get(key) ?? new RequestSecrets();
    this.#requests.set(key, requests);
    requests.scan(bytes, 0, bytes.length, hide);
    if (movedBytes > bytes.length) requests.miss(movedBytes - bytes.length);
  }
}

/** A descriptor that is closed, or new, begins a conversation of its own. */
function isEnd({ name, result }: Call): boolean {
  return name === 'close' || name === `${SUBMISSION}close` || (RECEIVES.has(name) && result === 0);
}

/** The connection and its end, as well as the log tells them. */
function keyOf({ event, connection, thread }: Told): string {
  if (connection !== null) return `${thread.side} ${connection.number}`;
  const { tid, fd, file } = event as Call;
  return `${thread.side} ${file === '' ? tid : file} ${fd}`;
}

/** What a call was given, with every text in it covered. */
function withoutTexts(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, '"****"');
}
