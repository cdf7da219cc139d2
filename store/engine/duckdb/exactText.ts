import dataAccessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/**
 * The driver's own decoder takes a byte order mark off the front of every text that it reads; what was logged comes
 * back to the byte. Imported for its effect, before anything is read.
 */
Object.assign(dataAccessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
