/**
 * How many containers one function may have at a time on the laptop; further calls wait. As many as POST
 * /api/orders needs for ten connections at once, and enough for a function with three topics of three
 * partitions.
 */
export const containersPerFunction = 10;

/**
 * `max_connections` of PostgreSQL, here and in docker-compose.yml. Each container holds at most one
 * connection, so functions × containersPerFunction can be in use at a time; the rest is for psql, migrations
 * and the tests. A test counts the functions in serverless.yml.
 */
export const maxConnections = 500;

/**
 * What is left of {@link maxConnections} for people, tools and PostgreSQL itself (it reserves 3 for
 * superusers).
 */
export const connectionsForOthers = 30;
