import * as v from 'valibot';

/**
 * The largest integer that a JSON number represents exactly in JavaScript,
 * https://www.rfc-editor.org/rfc/rfc8259#section-6
 */
const largestInteger = Number.MAX_SAFE_INTEGER;

/** The id of an order or a user, or a count: a whole number from 1. */
export const identifierSchema = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(largestInteger, `must be at most ${largestInteger}`),
);

/** The name of an article; case-sensitive. */
export const skuSchema = v.pipe(
  v.string('must be a string'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_" or "-", starting with a letter or digit',
  ),
);

const quantitySchema = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(10_000, 'must be at most 10000'),
);

/** One line of an order: a quantity of one SKU. */
const orderItemSchema = v.object({ sku: skuSchema, qty: quantitySchema });

export type OrderItem = v.InferOutput<typeof orderItemSchema>;

const mostItems = 100;
const tooManyItems = `must hold at most ${mostItems} items`;

const boundedItemsSchema = v.pipe(
  v.array(orderItemSchema, 'must be an array'),
  v.minLength(1, 'must hold at least 1 item'),
  v.maxLength(mostItems, tooManyItems),
);
const countSchema = v.pipe(v.array(v.unknown()), v.maxLength(mostItems, tooManyItems));

/**
 * Too many items are rejected by their number before any is validated: a body of 256 KiB may hold 131,000
 * invalid ones.
 */
export const orderItemsSchema: v.GenericSchema<unknown, readonly OrderItem[]> = {
  ...boundedItemsSchema,
  '~run': (dataset, config) =>
    Array.isArray(dataset.value) && dataset.value.length > mostItems
      ? (countSchema['~run'](dataset, config) as ReturnType<(typeof boundedItemsSchema)['~run']>)
      : boundedItemsSchema['~run'](dataset, config),
};

/** A point in time as ISO 8601 text in UTC. */
export const momentSchema = v.pipe(v.string(), v.isoTimestamp());
