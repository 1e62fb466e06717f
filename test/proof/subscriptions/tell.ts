import type { ProofReport } from './run.ts';

const SHOWN = 10;

/** The verdict in sentences, with what it rests on. */
export function tellProof({ options, totals, violations, holds, ...report }: ProofReport): string {
  const { nodes, redis, events } = options;
  const clients = `${report.clients} clients in ${options.clientProcesses} processes, half graphql-transport-ws, half event streams`;
  const deaths = `${report.nodesKilled} nodes killed, ${report.nodesDrained} drained, Redis (${redis}) killed ${report.redisKilled} times, connections lost ${totals.reconnects} times`;
  const told = `${totals.shipments} shipments and ${totals.stockEvents} changes of stock told, ${totals.repeated} shipments twice, ${totals.gapsReported} gaps reported`;
  const missing = `${totals.missingReported} shipments missing in gaps that were reported, ${totals.missingUnreported} in gaps that were not`;
  return [
    `${nodes} nodes, ${events} events in a storm of ${report.seconds.toFixed(0)} s: ${clients}`, deaths, told, missing,
    holds ? '0 gaps unreported, every stream in order, stock converged' : `DOES NOT HOLD: ${violations.length} violations\n${violations.slice(0, SHOWN).join('\n')}`,
  ].join('\n  ');
}
