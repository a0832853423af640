/** The C headers' constants that the addon exports; read from the headers when it is built. */
export type Constants = Readonly<Record<ConstantName, number>>;

type ConstantName = 'O_NONBLOCK' | 'O_CLOEXEC';
