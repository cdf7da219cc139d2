/**
 * Threads of the pool that everything shares which Node does beside its main thread: statements of the database, files,
 * compression, names of hosts. Node's own four would all be taken by four reads, and then nothing commits and nobody
 * hears whether the store is well. Readers take nine, the writer and a copy of the store one each; five are for the rest.
 */
export const THREADS = 16;

/** Tells how many there are: fixed when the process begins, so told in the environment (see `cli/entry.ts`). */
export const threadCount = (): number => Number(process.env.UV_THREADPOOL_SIZE) || 4;
