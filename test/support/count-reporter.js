/**
 * Ends the run with one line that says how many tests passed and failed; a suite that could not run counts as
 * failed. Written when the process ends, since jest puts its own summary after every other reporter.
 */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.once('exit', () =>
      process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed\n`),
    );
  }
}
