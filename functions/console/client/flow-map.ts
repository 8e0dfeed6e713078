import type { TriggerFlow } from './model.ts';

/** Which function publishes to a topic of events; serverless.yml knows only readers. */
export const publishers: Readonly<Record<string, string>> = {
  'order.created': 'createOrder',
  'order.cancelled': 'cancelOrder',
  'inventory.reserved': 'reserveInventory',
  'inventory.rejected': 'reserveInventory',
  'inventory.released': 'releaseInventory',
};

/** A function or a topic in the picture; columns count from 0, and so do rows, which may be halves. */
export interface Node {
  readonly name: string;
  readonly kind: 'function' | 'topic';
  readonly column: number;
  readonly row: number;
}

/** A connection of two nodes; only one that a function reads has a trigger. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly trigger?: TriggerFlow;
}

export interface FlowMap {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** The picture of the triggers: functions and topics alternate, each to the right of all that lead to it. */
export function mapOf(triggers: readonly TriggerFlow[]): FlowMap {
  const topics = [...new Set(triggers.map(({ topic }) => topic))];
  const published = topics.flatMap((topic) => {
    const publisher = publishers[topic];
    return publisher === undefined ? [] : [{ from: publisher, to: topic }];
  });
  const read = triggers.map((trigger) => ({ from: trigger.topic, to: trigger.function, trigger }));
  const edges: Edge[] = [...published, ...read];
  return { edges, nodes: placed(edges, new Set(topics)) };
}

function placed(edges: readonly Edge[], topics: ReadonlySet<string>): Node[] {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const columns = Map.groupBy(names, (name) => depthOf(name, edges));
  const nodes: Node[] = [];
  for (const [column, inColumn] of [...columns].toSorted(([a], [b]) => a - b)) {
    let free = 0;
    for (const name of inColumn.toSorted((a, b) => rank(a, names) - rank(b, names))) {
      const row = Math.max(free, middleOf(nodes, edges, name));
      free = row + 1;
      nodes.push({ name, kind: topics.has(name) ? 'topic' : 'function', column, row });
    }
  }
  return nodes;
}

/** The row in the middle of all that lead to a node, so that edges cross as little as possible. */
function middleOf(nodes: readonly Node[], edges: readonly Edge[], name: string): number {
  const causes = edges.filter(({ to }) => to === name).map(({ from }) => from);
  const rows = nodes.filter((node) => causes.includes(node.name)).map(({ row }) => row);
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
}

/** The length of the longest path to a node. */
function depthOf(name: string, edges: readonly Edge[]): number {
  const causes = edges.filter(({ to }) => to === name).map(({ from }) => depthOf(from, edges) + 1);
  return Math.max(0, ...causes);
}

/** Topics and functions in the sequence in which an order usually passes them. */
function rank(name: string, names: readonly string[]): number {
  const known = [...Object.keys(publishers), ...Object.values(publishers)];
  const index = known.indexOf(name);
  return index < 0 ? known.length + names.indexOf(name) : index;
}
