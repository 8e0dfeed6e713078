import { Resolver } from 'node:dns/promises';

/**
 * Queries the name servers directly instead of using the system's resolver: that one has four threads for the
 * whole process, and a customer's name server that never answers would hold up connections to our own
 * providers.
 * https://nodejs.org/api/dns.html#implementation-considerations
 */
const resolver = new Resolver({ timeout: 500, tries: 2 });

/**
 * The IPv4 addresses of a name, or the IPv6 ones if it has no other.
 * @throws the error of the name server when it has none
 */
export async function resolveName(name: string): Promise<readonly string[]> {
  try {
    return await resolver.resolve4(name);
  } catch {
    return resolver.resolve6(name);
  }
}
