import { printable, printableJson } from './printable.ts';

/** ESC, the one-byte CSI, a bell, and a mark that turns the reading direction. */
const hostile = 'a\u001b[2J\u009b2J\u0007\u202eb';

describe('text of strangers on a terminal', () => {
  it('when it holds what would steer the terminal, shows that something was there', () => {
    expect(printable(`${hostile}\n\tc`)).toBe('a\ufffd[2J\ufffd2J\ufffd\ufffdb\n\tc');
  });

  it('when it is JSON, escapes it, so that a program reads the same', () => {
    const text = printableJson({ hostile, tag: '\u{e0001}' });
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(JSON.parse(text)).toEqual({ hostile, tag: '\u{e0001}' });
  });
});
