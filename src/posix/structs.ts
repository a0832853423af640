/**
 * The C structs that socket options and control messages carry, to and from bytes. Where each field
 * lies is read from `posix.layouts`.
 */
import type {
  FieldLayout,
  Layout,
  Layouts,
  LingerField,
  TcpInfoField,
  UcredField,
} from './layouts.ts';

/** A struct as bytes and as a value. */
export interface Codec<Value> {
  /** The bytes that getsockopt needs room for. */
  readonly size: number;
  encode(value: Value): Uint8Array;
  /** @throws RangeError where the bytes are too few. */
  decode(bytes: Uint8Array): Value;
}

/**
 * SO_LINGER: with `onoff` 1, close waits up to `linger` seconds; 0 seconds reset the connection.
 */
export type Linger = Record<LingerField, number>;

/** SO_PEERCRED and SCM_CREDENTIALS: who is at the other end of a UNIX socket. */
export type Credentials = Record<UcredField, number>;

/** TCP_INFO; an older kernel leaves the last fields out. Times are µs but for `last_…` (ms). */
export type TcpInfo = Partial<Record<TcpInfoField, number>>;

export interface Structs {
  /** @see socket(7) */
  readonly linger: Codec<Linger>;
  /** SO_RCVTIMEO and SO_SNDTIMEO in milliseconds; 0 waits for ever. */
  readonly timeoutMs: Codec<number>;
  /** Absent where there is no SO_PEERCRED. */
  readonly credentials: Codec<Credentials> | undefined;
  /** Absent where there is no TCP_INFO of Linux. */
  readonly tcpInfo: Pick<Codec<TcpInfo>, 'size' | 'decode'> | undefined;
  /** The data of SCM_RIGHTS: descriptors. Its `size` is that of one. */
  readonly descriptors: Codec<readonly number[]>;
}

/** The codecs for this platform's layouts. */
export function structsOf(layouts: Layouts): Structs {
  return {
    linger: codecOf(layouts.linger),
    timeoutMs: timeoutCodec(layouts),
    credentials: layouts.ucred && codecOf(layouts.ucred),
    tcpInfo: layouts.tcp_info && tcpInfoCodec(layouts.tcp_info),
    descriptors: DESCRIPTORS,
  };
}

function codecOf<Field extends string>(layout: Layout<Field>): Codec<Record<Field, number>> {
  return {
    size: layout.size,
    encode: (value) => encode(layout, value),
    decode: (bytes) => decode(layout, bytes),
  };
}

const US_PER_MS = 1000;
const MS_PER_SECOND = 1000;

/** Rounds up: a short timeout must not become 0, which is none. */
function timeoutCodec({ timeval }: Layouts): Codec<number> {
  return {
    size: timeval.size,
    encode(timeoutMs) {
      if (!(timeoutMs >= 0 && timeoutMs <= Number.MAX_SAFE_INTEGER / US_PER_MS)) {
        throw new RangeError(`"timeoutMs" must be a number of milliseconds, not ${timeoutMs}`);
      }
      const us = Math.ceil(timeoutMs * US_PER_MS);
      const second = MS_PER_SECOND * US_PER_MS;
      return encode(timeval, { sec: Math.floor(us / second), usec: us % second });
    },
    decode(bytes) {
      const { sec, usec } = decode(timeval, bytes);
      return sec * MS_PER_SECOND + usec / US_PER_MS;
    },
  };
}

/** The kernel copies as much of its tcp_info as there is room for, and says how much that was. */
function tcpInfoCodec(layout: Layout<TcpInfoField>): Pick<Codec<TcpInfo>, 'size' | 'decode'> {
  return {
    size: layout.size,
    decode(bytes) {
      const fits = ({ offset, size }: FieldLayout) => offset + size <= bytes.length;
      const view = viewOf(bytes);
      const known = entriesOf(layout).filter(([, field]) => fits(field));
      return Object.fromEntries(known.map(([name, field]) => [name, readField(view, field)]));
    },
  };
}

const DESCRIPTOR_BYTES = Int32Array.BYTES_PER_ELEMENT;

const DESCRIPTORS: Codec<readonly number[]> = {
  size: DESCRIPTOR_BYTES,
  encode(fds) {
    for (const fd of fds) checkInteger('fd', fd, { size: DESCRIPTOR_BYTES, signed: true });
    return new Uint8Array(Int32Array.from(fds).buffer);
  },
  decode(bytes) {
    const count = Math.floor(bytes.length / DESCRIPTOR_BYTES);
    return Array.from(new Int32Array(bytes.slice(0, count * DESCRIPTOR_BYTES).buffer));
  },
};

function encode<Field extends string>(
  layout: Layout<Field>,
  value: Record<Field, number>,
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  const view = viewOf(bytes);
  for (const [name, field] of entriesOf(layout)) writeField(view, field, name, value[name]);
  return bytes;
}

function decode<Field extends string>(
  layout: Layout<Field>,
  bytes: Uint8Array,
): Record<Field, number> {
  if (bytes.length < layout.size) {
    throw new RangeError(`the struct has ${layout.size} bytes, not ${bytes.length}`);
  }
  const view = viewOf(bytes);
  const entries = entriesOf(layout).map(([name, field]) => [name, readField(view, field)]);
  return Object.fromEntries(entries);
}

function entriesOf<Field extends string>(layout: Layout<Field>): [Field, FieldLayout][] {
  return Object.entries(layout.fields) as [Field, FieldLayout][];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The structs are in the machine's own byte order. */
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** 64-bit fields (byte counts, times) become numbers: exact up to 2^53. */
function readField(view: DataView, { offset, size, signed }: FieldLayout): number {
  switch (size) {
    case 1:
      return signed ? view.getInt8(offset) : view.getUint8(offset);
    case 2:
      return signed ? view.getInt16(offset, LITTLE_ENDIAN) : view.getUint16(offset, LITTLE_ENDIAN);
    case 4:
      return signed ? view.getInt32(offset, LITTLE_ENDIAN) : view.getUint32(offset, LITTLE_ENDIAN);
    default:
      return Number(
        signed ? view.getBigInt64(offset, LITTLE_ENDIAN) : view.getBigUint64(offset, LITTLE_ENDIAN),
      );
  }
}

function writeField(view: DataView, field: FieldLayout, name: string, value: number): void {
  checkInteger(name, value, field);
  const { offset, size } = field;
  if (size === 8) view.setBigInt64(offset, BigInt(value), LITTLE_ENDIAN);
  else if (size === 4) view.setInt32(offset, value, LITTLE_ENDIAN);
  else if (size === 2) view.setInt16(offset, value, LITTLE_ENDIAN);
  else view.setInt8(offset, value);
}

/** A DataView would wrap what does not fit: another descriptor, a shorter time than was meant. */
function checkInteger(name: string, value: number, { size, signed }: Omit<FieldLayout, 'offset'>) {
  const bits = 8 * size;
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = 2 ** (signed ? bits - 1 : bits) - 1;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`"${name}" must be an integer of ${bits} bits, not ${value}`);
}
