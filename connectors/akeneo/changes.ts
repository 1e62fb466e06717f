import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChangeHint, ChangePort } from '../../domain/connector.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { AkeneoSettings } from './settings.ts';

/** Both are sent while a secret is being rotated (api.akeneo.com, Event Platform, "Verify signatures"). */
const SIGNATURES = ['x-akeneo-signature-primary', 'x-akeneo-signature-secondary'] as const;

/** CloudEvents type `com.akeneo.pim.v1.product.updated` and its like. */
const TYPE = /\.(product|product-model|category|attribute|attribute-option|family)\.(created|updated|deleted)(?:\.|$)/;

const FLOWS: Readonly<Record<string, readonly ChangeHint[]>> = {
  // A product event carries a uuid, which is no key of ours: run the deltas.
  product: [{ flow: 'variants', keys: [] }, { flow: 'products', keys: [] }],
  'product-model': [{ flow: 'products', keys: [] }, { flow: 'variants', keys: [] }],
  category: [{ flow: 'categories', keys: [] }],
  attribute: [{ flow: 'attributes', keys: [] }],
  'attribute-option': [{ flow: 'attributes', keys: [] }, { flow: 'products', keys: [] }],
  family: [{ flow: 'products', keys: [] }],
};

/** Akeneo's Event Platform: signed over the raw body, at least once, unordered, lost while a subscription is suspended. */
export function changePort({ eventSecrets }: Pick<AkeneoSettings, 'eventSecrets'>): ChangePort {
  return {
    decodeWebhook: (headers, rawBody) => {
      if (eventSecrets.length === 0) throw new Failure('UNAUTHENTICATED', 'no `eventSecrets` are configured: signed events cannot be verified');
      if (!isSigned(headers, rawBody, eventSecrets)) throw new Failure('UNAUTHENTICATED', 'the signature does not fit the body');
      return hintsOf(rawBody);
    },
  };
}

function isSigned(headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array, secrets: readonly string[]): boolean {
  const given = SIGNATURES.flatMap((name) => headers[name] ?? []).map((text) => Buffer.from(text.trim().toLowerCase()));
  const expected = secrets.map((secret) => Buffer.from(createHmac('sha256', secret).update(rawBody).digest('hex')));
  return given.some((one) => expected.some((other) => one.length === other.length && timingSafeEqual(one, other)));
}

function hintsOf(rawBody: Uint8Array): readonly ChangeHint[] {
  let event: { readonly type?: unknown };
  try {
    event = JSON.parse(new TextDecoder().decode(rawBody)) as { type?: unknown };
  } catch {
    throw invalidInput(['body'], 'an event is a JSON object');
  }
  const kind = typeof event?.type === 'string' ? TYPE.exec(event.type)?.[1] : undefined;
  // Kinds nobody here reads are acknowledged: a refusal would suspend the subscription.
  return kind === undefined ? [] : (FLOWS[kind] ?? []);
}
