import { THREADS } from '../threads';

/*
 * Built to CommonJS, unlike all else: Node reads that without the pool of threads, whose size is fixed by the first use.
 * Where something is loaded before (`--import`) it is too late, and the store makes do with the threads that there are.
 */
const isEarly = ![...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((option) =>
  /--(import|loader|experimental-loader)\b/.test(option),
);
if (isEarly) {
  process.env.UV_THREADPOOL_SIZE = String(Math.max(THREADS, Number(process.env.UV_THREADPOOL_SIZE) || 0));
}
void import('./main');
