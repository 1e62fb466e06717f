import { systemClock } from '../platform/clock.ts';
import { keepTelemetryHome, requireConfig, summarise } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import { startTracing } from '../platform/telemetry.ts';
import { createTeardown, onStopSignal } from '../platform/teardown.ts';
import { createAnnouncer } from './announce.ts';
import { startEmbedded } from './hosting/start-embedded.ts';
import { startServices } from './hosting/start-services.ts';

/** The composition root of the gateway process: `npm start`. */
async function main(): Promise<void> {
  keepTelemetryHome();
  const clock = systemClock;
  const startedAt = clock.monotonic();
  const config = requireConfig();
  const log = createLog({ level: config.LOG_LEVEL, name: 'gateway' });
  log.info({ settings: summarise(config) }, 'configuration');
  const teardown = createTeardown(log);
  teardown.add('traces', await startTracing({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, sampleRatio: config.TRACE_SAMPLE_RATIO, serviceName: 'gateway' }));
  const announce = createAnnouncer(clock, (text) => process.stdout.write(text));
  onStopSignal(async () => {
    announce.say('stopping: finishing what runs');
    await teardown.run();
    announce.say('stopped');
  });
  try {
    const start = config.HOSTING === 'embedded' ? startEmbedded : startServices;
    const { gateway, url, sandboxUrl } = await start({ config, clock, log, teardown, announce });
    if (gateway.development) announce.say('  no JWKS_URL or API_KEYS_FILE: every caller on this machine is the development principal');
    announce.say(`ready in ${((clock.monotonic() - startedAt) / 1000).toFixed(1)} s`);
    announce.say(`  graph     ${url}/graphql`);
    if (config.HOSTING === 'embedded') announce.say(`  explorer  ${url}/explorer\n  demo      ${url}/`);
    announce.say(`  health    ${url}/health/ready`);
    if (sandboxUrl) announce.say(`  sandbox   ${sandboxUrl}  (npm run sandbox -- help)`);
  } catch (error) {
    await teardown.run();
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

await main();
