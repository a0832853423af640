/** A request as an array of bulk strings: any bytes may stand in an argument. */

const encoder = new TextEncoder();
const CRLF = encoder.encode('\r\n');

/** `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n` for GET and k. */
export function encodeRequest(args: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode(`*${args.length}\r\n`)];
  for (const argument of args) {
    parts.push(encoder.encode(`$${argument.length}\r\n`), argument, CRLF);
  }
  return concatenate(parts);
}

export function argumentsOf(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => encoder.encode(text));
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
