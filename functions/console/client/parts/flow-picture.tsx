import { decimal, integer } from '../format.ts';
import { mapOf, type Edge, type FlowMap, type Node } from '../flow-map.ts';
import { texts } from '../i18n/index.ts';
import type { TriggerFlow } from '../model.ts';
import { href } from '../router.ts';
import { lineOf } from './records.tsx';

/** Sizes in units of the picture. */
const column = 310;
const row = 112;
const box = { width: 164, height: 46 };
const margin = 20;

/**
 * How far up or down its edge a label stands: before the middle, where edges that cross would put theirs on
 * one another.
 */
const labelRise = 0.3;

/**
 * Functions and topics from left to right, with what flows between them; dead letters make an edge dashed,
 * red and labelled.
 */
export function FlowPicture({ triggers }: { readonly triggers: readonly TriggerFlow[] }) {
  const { flowPage } = texts.value;
  const ofEvents = triggers.filter(({ topic }) => !topic.endsWith('.DLT'));
  const map = mapOf(ofEvents);
  const columns = Math.max(0, ...map.nodes.map((node) => node.column)) + 1;
  const rows = Math.max(0, ...map.nodes.map((node) => node.row)) + 1;
  const width = margin * 2 + (columns - 1) * column + box.width;
  const height = margin * 2 + (rows - 1) * row + box.height;
  return (
    <div class="picture" role="region" aria-label={flowPage.picture} tabIndex={0}>
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={flowPage.picture}>
        {map.edges.map((edge) => (
          <EdgeView key={`${edge.from} ${edge.to}`} edge={edge} map={map} />
        ))}
        {map.nodes.map((node) => (
          <NodeView key={node.name} node={node} />
        ))}
      </svg>
    </div>
  );
}

function placeOf({ column: x, row: y }: Node) {
  return { x: margin + x * column, y: margin + y * row };
}

function NodeView({ node }: { readonly node: Node }) {
  const { x, y } = placeOf(node);
  const shape = (
    <>
      <rect width={box.width} height={box.height} rx={node.kind === 'topic' ? box.height / 2 : 8} />
      <text x={box.width / 2} y={box.height / 2} text-anchor="middle" dominant-baseline="central">
        {node.name}
      </text>
    </>
  );
  const isTopic = node.kind === 'topic';
  return (
    <g
      class={isTopic ? `node topic ${lineOf(node.name)}` : 'node function'}
      transform={`translate(${x} ${y})`}
    >
      {isTopic ? <a href={href(['topics', node.name])}>{shape}</a> : shape}
    </g>
  );
}

function EdgeView({ edge, map }: { readonly edge: Edge; readonly map: FlowMap }) {
  const from = map.nodes.find(({ name }) => name === edge.from);
  const to = map.nodes.find(({ name }) => name === edge.to);
  if (!from || !to) return null;
  const [start, end] = [placeOf(from), placeOf(to)];
  const x1 = start.x + box.width;
  const y1 = start.y + box.height / 2;
  const y2 = end.y + box.height / 2;
  const middle = (x1 + end.x) / 2;
  const label = { x: x1 + (end.x - x1) * 0.43, y: y1 + (y2 - y1) * labelRise };
  return (
    <g class={edgeClass(edge)}>
      <path d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${end.x} ${y2}`} />
      {edge.trigger && <EdgeLabel trigger={edge.trigger} {...label} />}
    </g>
  );
}

function edgeClass({ trigger, to }: Edge): string {
  const isFailing = (trigger?.deadLetters ?? 0) > 0;
  return `edge ${lineOf(trigger?.topic ?? to)}${isFailing ? ' failing' : ''}`;
}

interface EdgeLabelProps {
  readonly trigger: TriggerFlow;
  readonly x: number;
  readonly y: number;
}

function EdgeLabel({ trigger, x, y }: EdgeLabelProps) {
  const { flowPage } = texts.value;
  const { ratePerSecond, lagRecords, deadLetters } = trigger;
  const rate = ratePerSecond === null ? flowPage.rateUnknown : flowPage.rate(decimal(ratePerSecond));
  const lag =
    lagRecords === null ? flowPage.lagUnknown : lagRecords > 0 ? flowPage.lag(integer(lagRecords)) : '';
  return (
    <text x={x} y={y} text-anchor="middle">
      <tspan x={x} dy={lag === '' ? '-0.4em' : '-1em'}>
        {rate}
      </tspan>
      {lag !== '' && (
        <tspan x={x} dy="1.15em" class="lag">
          {lag}
        </tspan>
      )}
      {deadLetters !== null && deadLetters > 0 && (
        <tspan x={x} dy="1.3em" class="letters">
          ✕ {flowPage.letters(deadLetters)}
        </tspan>
      )}
    </text>
  );
}
