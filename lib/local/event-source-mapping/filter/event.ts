import type { JsonField, JsonTree } from './json-tree.ts';

/** A scalar of an event and its position. */
export interface Leaf {
  /** Names from the root, joined by dots; lists have no name. */
  readonly path: string;
  /** Text in quotes; a number, a boolean or null as written. */
  readonly scalar: string;
  /**
   * The element that contains the leaf, for each enclosing list; a list that holds the scalar directly does
   * not count.
   */
  readonly elements: Elements;
}

/** Element index by list. */
export type Elements = ReadonlyMap<JsonTree, number>;

/** The current position while walking an event. */
interface Place {
  readonly path: string;
  readonly elements: Elements;
}

/**
 * The scalars of an event that a pattern may test, flattened as event-ruler flattens them.
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/Event.java
 * @param root name and value of the event's one field
 * @param isUsed whether a pattern uses a name
 */
export function leavesOf(root: JsonField, isUsed: (name: string) => boolean): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (tree: JsonTree, place: Place): void => {
    if (tree.kind === 'object') {
      for (const { name, value } of tree.fields) {
        if (isUsed(name)) walk(value, { ...place, path: `${place.path}.${name}` });
      }
    } else if (tree.kind === 'list') {
      for (const [index, item] of tree.items.entries()) walk(item, elementOf(place, tree, item, index));
    } else {
      leaves.push({ ...place, scalar: scalarOf(tree) });
    }
  };
  walk(root.value, { path: root.name, elements: new Map() });
  return leaves;
}

function elementOf(place: Place, list: JsonTree, item: JsonTree, index: number): Place {
  const isScalar = item.kind !== 'object' && item.kind !== 'list';
  return isScalar ? place : { ...place, elements: new Map([...place.elements, [list, index]]) };
}

function scalarOf(tree: Exclude<JsonTree, { kind: 'object' | 'list' }>): string {
  switch (tree.kind) {
    case 'text':
      return `"${tree.text}"`;
    case 'number':
      return tree.written;
    case 'boolean':
      return String(tree.value);
    case 'null':
      return 'null';
  }
}
