/** How often to look, in ms: what runs is gone about so long after its parent. */
const interval = 500;

/**
 * Ends this process as Ctrl-C does once the process that started it is gone. npm passes signals on, but
 * cannot when it is killed by `kill -9` or its terminal vanishes, and everything would run on unseen.
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
