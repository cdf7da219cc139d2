import type { TestModule, Vitest } from 'vitest/node';

export interface Counts {
  passed: number;
  /** Tests that failed, and files that could not run theirs. */
  failed: number;
}

/** Runs test files, by their absolute paths, and closes the runner. `process.exitCode` is 1 when anything was wrong. */
export async function runTests(vitest: Vitest, files: readonly string[]): Promise<Counts> {
  const { testModules } = await vitest.start([...files]);
  const skipped = vitest.config.testNamePattern ? [] : skippedTests(testModules);
  for (const name of skipped) {
    console.error(`Skipped, which counts as failed: ${name}`);
    process.exitCode = 1;
  }
  await vitest.close();
  const { passed, failed } = countTests(testModules);
  // What is wrong beside the tests, such as a process that was left behind, must not look like a success.
  return { passed, failed: failed + skipped.length || Number(process.exitCode ?? 0) };
}

function countTests(modules: readonly TestModule[]): Counts {
  const count = (module: TestModule, state: 'passed' | 'failed') => [...module.children.allTests(state)].length;
  return {
    passed: modules.reduce((sum, module) => sum + count(module, 'passed'), 0),
    failed: modules.reduce((sum, module) => sum + (count(module, 'failed') || (module.ok() ? 0 : 1)), 0),
  };
}

/** Tests that somebody switched off; those below a hook that failed are told of with it. */
function skippedTests(modules: readonly TestModule[]): string[] {
  return modules
    .filter((module) => module.ok())
    .flatMap((module) =>
      [...module.children.allTests('skipped')].map(({ fullName }) => `${module.relativeModuleId}: ${fullName}`),
    );
}
