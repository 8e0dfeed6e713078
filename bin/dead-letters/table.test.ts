import { table } from './table.ts';

describe('a table', () => {
  it('when cells differ in length, aligns columns, texts to the left, numbers to the right', () => {
    expect(
      table(
        ['NAME', 'N'],
        [
          ['a', 1],
          ['long name', 20],
        ],
      ),
    ).toBe('NAME        N\na           1\nlong name  20');
  });

  it('when cells are missing, leaves them empty', () => {
    expect(
      table(
        ['A', 'B'],
        [
          [null, 'x'],
          [undefined, 'y'],
        ],
      ),
    ).toBe('A  B\n   x\n   y');
  });

  it('when a text is long or would steer the terminal, is cut and made harmless', () => {
    const [, row] = table(['A'], [[`\u001b[31m${'x'.repeat(100)}`]]).split('\n');
    expect(row).toBe(`[31m${'x'.repeat(54)}…`.padStart(60));
  });

  it('when there are no rows, shows the titles', () => {
    expect(table(['A', 'B'], [])).toBe('A  B');
  });
});
