import { fileURLToPath } from 'node:url';
import { runSimulation, type SimulationOptions, type SimulationReport } from '../simulation/run.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Runs seeds of the world in which the real orders side stands on top of the real inventory. */
export const runOrdersSimulation = (options: Omit<SimulationOptions, 'worker'>): Promise<SimulationReport> => runSimulation({ ...options, worker: WORKER });
