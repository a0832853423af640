// Loaded before a server's own code: it then prints a line for every garbage collection.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--trace-gc');
