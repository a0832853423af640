/** Which Redis we say to be like: clients choose by it what they may ask for. */
export const REDIS_VERSION = '7.0.15';
