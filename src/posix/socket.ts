/** Sockets: made, bound, connected, asked, and closed for one direction. */

export type SocketConstant = 'AF_INET' | 'AF_INET6' | 'AF_UNIX' | 'SOCK_STREAM';
