import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Figure, goalText, isMet, numberText } from './figure.ts';
import type { Result } from './result.ts';

/**
 * One page with the charts and the table of a result. It contains the charting library, so it opens anywhere,
 * without a server.
 */
export async function pageOf(result: Result): Promise<string> {
  const library = await readFile(
    join(dirname(createRequire(import.meta.url).resolve('chart.js')), 'chart.umd.min.js'),
    'utf8',
  );
  const charts = chartsOf(result.figures);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OpenOrder bench ${result.startedAt.toISOString()}</title>
<style>
  body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
  table { border-collapse: collapse; } td, th { padding: .2rem .7rem; border-bottom: 1px solid #ddd; text-align: left; }
  td.number { text-align: right; font-variant-numeric: tabular-nums; } .chart { max-width: 48rem; margin: 2rem 0; }
</style>
<h1>OpenOrder bench</h1>
<p>${machineText(result)}</p>
${charts.map((chart, index) => `<div class="chart"><h2>${chart.title}</h2><canvas id="chart-${index}"></canvas></div>`).join('\n')}
<table><tr><th>part<th>figure<th>min<th>median<th>max<th>unit<th>of limit<th>goal<th>met</tr>
${result.figures.map(rowOf).join('\n')}
</table>
<script>${library}</script>
<script>
  const charts = ${JSON.stringify(charts.map(({ config }) => config))};
  charts.forEach((config, index) => new Chart(document.getElementById('chart-' + index), config));
</script>
`;
}

function machineText({ startedAt, durationSeconds, command, machine }: Result): string {
  const { cpu, cores, memoryGb, system, node, loadBefore } = machine;
  return `${startedAt.toISOString()}, <code>${command}</code>, ${Math.round(durationSeconds)} s, ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, Node ${node}, load before: ${loadBefore.toFixed(1)}`;
}

function rowOf(figure: Figure): string {
  const { part, name, min, median, max, unit, limit } = figure;
  const numbers = [min, median, max].map((value) => `<td class="number">${numberText(value)}`).join('');
  const ratio = limit ? `${Math.round(limit.ratio * 100)} %` : '';
  const met = isMet(figure);
  return `<tr><td>${part}<td>${name}${numbers}<td>${unit}<td class="number">${ratio}<td>${goalText(figure)}<td>${met === undefined ? '' : met ? 'yes' : 'no'}</tr>`;
}

/** One chart for each part and unit: a bar for the median of each figure, and one for its limit. */
function chartsOf(figures: readonly Figure[]) {
  const groups = Map.groupBy(figures, ({ part, unit }) => `${part}, ${unit}`);
  return [...groups].map(([title, group]) => ({
    title,
    config: {
      type: 'bar',
      data: {
        labels: group.map(({ name }) => name),
        datasets: [
          { label: 'median', data: group.map(({ median }) => median) },
          ...(group.some(({ limit }) => limit)
            ? [{ label: 'limit', data: group.map(({ limit }) => limit?.median ?? null) }]
            : []),
        ],
      },
      options: { indexAxis: 'y', animation: false },
    },
  }));
}
