// Loaded before a server's own code: it then prints a line for every garbage collection. Nothing is
// inlined: what one function hands to another as an object would be made or not as the compiler
// likes, and differently each time.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--trace-gc');
setFlagsFromString('--no-turbo-inlining');
