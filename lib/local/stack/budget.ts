import { availableParallelism } from 'node:os';

/**
 * How many containers one function may have at a time locally; further calls wait. Enough for a function with
 * three topics of three partitions.
 */
export const containersPerFunction = 10;

/**
 * How many containers a function that answers requests gets, as long as calls get their turn: a container
 * waits for Kafka and PostgreSQL about half of a request's time, so two per core keep the machine busy. More
 * would compete for its caches and take 16 to 30 MB each.
 */
export const usualContainers = Math.min(containersPerFunction, 2 * availableParallelism());

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
