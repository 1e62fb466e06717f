import { Registry } from 'prom-client';

/** What the parts below the gateway count. One per process, like the tracer; every exposition includes it. */
export const partMetrics = new Registry();
