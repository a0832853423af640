/** How the C structs lie in memory, as the headers said when the addon was built. */

/** An integer in a struct: where it begins, how many bytes it has, whether it has a sign. */
export interface FieldLayout {
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
}

export interface Layout<Field extends string> {
  /** sizeof(struct). */
  readonly size: number;
  readonly fields: Readonly<Record<Field, FieldLayout>>;
}

export interface Layouts {
  readonly linger: Layout<LingerField>;
  readonly timeval: Layout<TimevalField>;
  readonly iovec: Layout<IovecField>;
  readonly msghdr: Layout<MsghdrField>;
  /** Linux. */
  readonly ucred: Layout<UcredField>;
  /** Linux. */
  readonly tcp_info: Layout<TcpInfoField>;
}

export type LingerField = 'onoff' | 'linger';
export type TimevalField = 'sec' | 'usec';
/** `base` is an address (posix.addressOf). */
export type IovecField = 'base' | 'len';
/** `iov` is an address. The other fields are none of ours: zero. */
export type MsghdrField = 'iov' | 'iovlen';
export type UcredField = 'pid' | 'uid' | 'gid';

/**
 * The fields of struct tcp_info, without their prefix: `rtt` is tcpi_rtt. Those that the headers
 * did not know, the last ones, are absent.
 */
export type TcpInfoField =
  | 'state'
  | 'ca_state'
  | 'retransmits'
  | 'probes'
  | 'backoff'
  | 'options'
  | 'rto'
  | 'ato'
  | 'snd_mss'
  | 'rcv_mss'
  | 'unacked'
  | 'sacked'
  | 'lost'
  | 'retrans'
  | 'fackets'
  | 'last_data_sent'
  | 'last_data_recv'
  | 'last_ack_recv'
  | 'pmtu'
  | 'rcv_ssthresh'
  | 'rtt'
  | 'rttvar'
  | 'snd_ssthresh'
  | 'snd_cwnd'
  | 'advmss'
  | 'reordering'
  | 'rcv_rtt'
  | 'rcv_space'
  | 'total_retrans'
  | 'pacing_rate'
  | 'max_pacing_rate'
  | 'bytes_acked'
  | 'bytes_received'
  | 'segs_out'
  | 'segs_in'
  | 'notsent_bytes'
  | 'min_rtt'
  | 'data_segs_in'
  | 'data_segs_out'
  | 'delivery_rate'
  | 'busy_time'
  | 'rwnd_limited'
  | 'sndbuf_limited'
  | 'delivered'
  | 'delivered_ce'
  | 'bytes_sent'
  | 'bytes_retrans'
  | 'dsack_dups'
  | 'reord_seen'
  | 'rcv_ooopack'
  | 'snd_wnd'
  | 'rcv_wnd'
  | 'rehash'
  | 'total_rto'
  | 'total_rto_recoveries'
  | 'total_rto_time';
