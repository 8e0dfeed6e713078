/**
 * Turns the payload of a key or value into JSON text.
 * @throws Error when the bytes do not fit the schema
 */
export type ToJson = (payload: Buffer) => string;
