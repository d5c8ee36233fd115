/** Notes promises that fail without anybody handling them, instead of failing the test run for it. */

/** Adds to `found` what they reject with, until the answer is called. */
export function catchUnhandled(found: unknown[]): () => void {
  const others = process.listeners('unhandledRejection');
  const note = (reason: unknown): void => {
    found.push(reason);
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
  // Without a listener Node prints a warning for each promise that is handled late, as written programs may do.
  process.on('rejectionHandled', handledLate);
  return () => {
    process.removeListener('unhandledRejection', note);
    process.removeListener('rejectionHandled', handledLate);
    for (const other of others) process.on('unhandledRejection', other);
  };
}

function handledLate(): void {}
