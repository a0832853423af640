/** `npm run bench`; what is run is compiled from src/bench. */
import '../dist/bench.js';
