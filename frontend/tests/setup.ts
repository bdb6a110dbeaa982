// One PostgreSQL for all specs. The tests see it through the environment, which workers inherit.
import { Postgres } from './processes'

export default async function setup(): Promise<() => Promise<void>> {
  const server = await Postgres.start()
  process.env.TUSK_E2E = JSON.stringify({ dir: server.dir, address: server.address })
  return () => server.end()
}
