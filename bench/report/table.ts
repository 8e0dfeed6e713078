import Table from 'cli-table3';
import { type Figure, goalText, isMet, numberText } from './figure.ts';

/** All figures as one table for the terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['part', 'figure', 'min', 'median', 'max', 'unit', 'of limit', 'goal', 'met'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) table.push(cellsOf(figure));
  return table.toString();
}

function cellsOf(figure: Figure): string[] {
  const { part, name, unit, min, median, max, limit } = figure;
  const met = isMet(figure);
  return [
    part,
    name,
    numberText(min),
    numberText(median),
    numberText(max),
    unit,
    limit ? `${Math.round(limit.ratio * 100)} %` : '',
    goalText(figure),
    met === undefined ? '' : met ? 'yes' : 'no',
  ];
}
