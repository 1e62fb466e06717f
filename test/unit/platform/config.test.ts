import { describe, expect, it } from 'vitest';
import { readConfig, summarise } from '../../../platform/config.ts';

describe('configuration', () => {
  it('needs nothing to start embedded with the sandbox', () => {
    expect(readConfig({})).toMatchObject({ HOSTING: 'embedded', PORT: 4000, DATA_DIR: '.data', useSandbox: true, sandboxPort: 4001 });
  });

  it('names every unusable setting at once', () => {
    expect(() => readConfig({ PORT: 'eighty', DATABASE_URL: 'nowhere', HOSTING: 'cloud' })).toThrow(/HOSTING[\s\S]*PORT[\s\S]*DATABASE_URL/);
  });

  it('refuses a services hosting without shared stores and secret, saying why', () => {
    expect(() => readConfig({ HOSTING: 'services' })).toThrow(/DATABASE_URL[\s\S]*REDIS_URL[\s\S]*SUBGRAPH_SECRET/);
  });

  it('refuses tokens for anybody', () => {
    expect(() => readConfig({ JWKS_URL: 'https://id.example.com/keys' })).toThrow('JWT_ISSUER');
  });

  it('treats empty variables as absent', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ PORT: 4000 });
  });

  it('prints what differs from the defaults and hides what is secret', () => {
    const config = readConfig({ PORT: '4100', DATABASE_URL: 'postgres://u:hidden@db/x', SUBGRAPH_SECRET: 'hidden'.repeat(6) });
    const text = JSON.stringify(summarise(config));
    expect(text).toContain('4100');
    expect(text).not.toContain('hidden');
  });
});
