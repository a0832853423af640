/** What moves through sockets: six pairs of calls. */

export type MessageConstant = 'MSG_NOSIGNAL' | 'MSG_DONTWAIT';
