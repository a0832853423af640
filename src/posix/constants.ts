/**
 * The C headers' constants that the addon exports, under their C names; read from the headers when it
 * is built. Each family names its own. What the platform lacks is absent (`undefined`).
 */
import type { ErrnoConstant } from './errno.ts';
import type { FdConstant } from './fd.ts';
import type { MessageConstant } from './message.ts';
import type { SocketConstant } from './socket.ts';

export type ConstantName = ErrnoConstant | FdConstant | MessageConstant | SocketConstant;

export type Constants = Readonly<Record<ConstantName, number>>;
