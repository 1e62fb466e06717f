import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import type { Teardown } from '../../platform/teardown.ts';
import type { Announcer } from '../announce.ts';
import type { Gateway } from '../gateway.ts';

export interface StartOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly teardown: Teardown;
  readonly announce: Announcer;
}

export interface Started {
  readonly gateway: Gateway;
  readonly url: string;
  readonly sandboxUrl: string | null;
}
