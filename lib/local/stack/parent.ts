/** How often to check, in ms: about this long after its parent, this process is gone, too. */
const interval = 500;

/**
 * Ends this process as Ctrl-C does once the process that started it is gone. npm forwards signals, but cannot
 * when it is killed by `kill -9` or its terminal vanishes, and everything would keep running unseen.
 */
export function endWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGINT');
  }, interval);
  timer.unref();
}
