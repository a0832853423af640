/** `npm run bench:memory`; what is run is compiled from src/bench. */
import '../dist/bench-memory.js';
