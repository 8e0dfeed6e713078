import { mapOf, type Edge, type FlowMap, type Node } from '../flow-map.ts';
import { texts } from '../i18n/index.ts';
import type { TriggerFlow } from '../model.ts';
import { isPaused } from '../pause.ts';
import { href } from '../router.ts';
import { EdgeLabel } from './edge-label.tsx';
import { lineOf } from './records.tsx';

/** Sizes in units of the picture. Published topics need no label, so they are nearer. */
const box = { width: 184, height: 50 };
const row = 112;
const margin = 16;
const gapAfter = { function: 62, topic: 216 };

/** A label's position on its edge, from 0 to 1: near the topic, before edges cross. */
const labelAt = 0.36;

/**
 * Functions and topics from left to right, and what flows between them; dead letters make an edge dashed,
 * red and labelled.
 */
export function FlowPicture({ triggers }: { readonly triggers: readonly TriggerFlow[] }) {
  const { flowPage } = texts.value;
  const map = mapOf(triggers.filter(({ topic }) => !topic.endsWith('.DLT')));
  const places = map.nodes.map(placeOf);
  const width = Math.max(0, ...places.map(({ x }) => x)) + box.width + margin;
  const height = Math.max(0, ...places.map(({ y }) => y)) + box.height + margin;
  return (
    <div
      class={isPaused.value ? 'picture' : 'picture moving'}
      role="region"
      aria-label={flowPage.picture}
      tabIndex={0}
    >
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={flowPage.picture}>
        {map.edges.map((edge) => (
          <EdgeView key={`${edge.from} ${edge.to}`} edge={edge} map={map} />
        ))}
        {map.nodes.map((node) => (
          <NodeView key={node.name} node={node} />
        ))}
        {map.edges.map((edge) => (
          <LabelView key={`${edge.from} ${edge.to}`} edge={edge} map={map} />
        ))}
      </svg>
    </div>
  );
}

/** Functions and topics alternate, function first. */
function placeOf({ column, row: y }: Node) {
  const before = Math.floor(column / 2) * (gapAfter.function + gapAfter.topic);
  const gaps = before + (column % 2 === 1 ? gapAfter.function : 0);
  return { x: margin + column * box.width + gaps, y: margin + y * row };
}

function NodeView({ node }: { readonly node: Node }) {
  const { x, y } = placeOf(node);
  const isTopic = node.kind === 'topic';
  const shape = (
    <>
      <rect width={box.width} height={box.height} rx={isTopic ? box.height / 2 : 10} />
      <text x={box.width / 2} y={box.height / 2} text-anchor="middle" dominant-baseline="central">
        {node.name}
      </text>
    </>
  );
  return (
    <g
      class={isTopic ? `node topic ${lineOf(node.name)}` : 'node function'}
      transform={`translate(${x} ${y})`}
    >
      {isTopic ? <a href={href(['topics', node.name])}>{shape}</a> : shape}
    </g>
  );
}

interface EdgeProps {
  readonly edge: Edge;
  readonly map: FlowMap;
}

/** Where an edge begins and ends. */
function endsOf({ edge, map }: EdgeProps) {
  const from = map.nodes.find(({ name }) => name === edge.from);
  const to = map.nodes.find(({ name }) => name === edge.to);
  if (!from || !to) return undefined;
  const [start, end] = [placeOf(from), placeOf(to)];
  const middle = box.height / 2;
  return { x1: start.x + box.width, y1: start.y + middle, x2: end.x, y2: end.y + middle };
}

function EdgeView({ edge, map }: EdgeProps) {
  const ends = endsOf({ edge, map });
  if (!ends) return null;
  const { x1, y1, x2, y2 } = ends;
  const middle = (x1 + x2) / 2;
  const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  const flows = (edge.trigger?.ratePerSecond ?? 0) > 0;
  return (
    <g class={edgeClass(edge)}>
      <path d={path} />
      {flows && <path class="stream" d={path} />}
    </g>
  );
}

function edgeClass({ trigger, to }: Edge): string {
  const isFailing = (trigger?.deadLetters ?? 0) > 0;
  return `edge ${lineOf(trigger?.topic ?? to)}${isFailing ? ' failing' : ''}`;
}

function LabelView({ edge, map }: EdgeProps) {
  const ends = endsOf({ edge, map });
  if (!ends || !edge.trigger) return null;
  const { x1, y1, x2, y2 } = ends;
  const t = labelAt;
  const along = 3 * (1 - t) * t * t + t ** 3; // of a curve that leaves and arrives level
  const x = 1.5 * (1 - t) ** 2 * t + 1.5 * (1 - t) * t * t + t ** 3;
  return <EdgeLabel trigger={edge.trigger} x={x1 + (x2 - x1) * x} y={y1 + (y2 - y1) * along} />;
}
