import { type Node, parseTree } from 'jsonc-parser';

/**
 * JSON with everything that `JSON.parse` drops: the order of names, repeated names, and the notation of
 * numbers.
 */
export type JsonTree =
  | { readonly kind: 'object'; readonly fields: readonly JsonField[] }
  | { readonly kind: 'list'; readonly items: readonly JsonTree[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly written: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

/** A name and its value. */
export interface JsonField {
  readonly name: string;
  readonly value: JsonTree;
}

/**
 * Reads JSON.
 * @throws SyntaxError
 */
export function readJsonTree(source: string): JsonTree {
  JSON.parse(source); // strict; parseTree tolerates errors
  const root = parseTree(source);
  if (!root) throw new SyntaxError('not a JSON value');
  return treeOf(root, source);
}

function treeOf(node: Node, source: string): JsonTree {
  const { type, children = [] } = node;
  if (type === 'object')
    return { kind: 'object', fields: children.map((property) => fieldOf(property, source)) };
  if (type === 'array') return { kind: 'list', items: children.map((item) => treeOf(item, source)) };
  return scalarOf(node, source);
}

function scalarOf(node: Node, source: string): JsonTree {
  switch (node.type) {
    case 'string':
      return { kind: 'text', text: node.value as string };
    case 'number':
      return { kind: 'number', written: source.slice(node.offset, node.offset + node.length) };
    case 'boolean':
      return { kind: 'boolean', value: node.value as boolean };
    case 'null':
      return { kind: 'null' };
    case 'object':
    case 'array':
    case 'property':
      throw new SyntaxError(`a scalar was expected, found ${node.type}`);
  }
}

function fieldOf({ children: [name, value] = [] }: Node, source: string): JsonField {
  if (!name || !value) throw new SyntaxError('a name without a value');
  return { name: name.value as string, value: treeOf(value, source) };
}
