import type { CDPSession, Page } from 'playwright-core';

/** A task of a page's main thread: nothing else on the page moves while it runs. */
export interface MainTask {
  /** Milliseconds of processor time: other programs on the machine do not lengthen it. */
  cpu: number;
  /** Milliseconds by the clock. */
  wall: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** Records the tasks of a page's main thread, of more than a millisecond, while something happens. */
export async function recordTasks(page: Page, happen: () => Promise<void>): Promise<MainTask[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  try {
    await happen();
  } finally {
    await endTracing(session);
    await session.detach();
  }
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}.${tid}`),
  );
  return events
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && main.has(`${pid}.${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ cpu: tdur / 1000, wall: dur / 1000 }))
    .filter(({ wall }) => wall > 1);
}

async function endTracing(session: CDPSession): Promise<void> {
  const complete = new Promise<boolean>((resolve) =>
    session.once('Tracing.tracingComplete', ({ dataLossOccurred }) => resolve(dataLossOccurred)),
  );
  await session.send('Tracing.end');
  if (await complete) {
    throw new Error('The browser did not keep every task');
  }
}
