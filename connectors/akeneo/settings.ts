import { z } from 'zod';

/** What a configuration says about one Akeneo. Secrets arrive resolved. */
export const akeneoSettings = z.strictObject({
  url: z.url(),
  clientId: z.string().min(1),
  secret: z.string().min(1),
  username: z.string().min(1),
  password: z.string().min(1),
  /** Channel (scope) whose values are read. */
  channel: z.string().min(1).default('ecommerce'),
  /** In order of fallback; absent = the channel's own. */
  locales: z.array(z.string().min(2)).min(1).optional(),
  /** Attribute codes with a meaning of their own; a trailing * stands for anything. */
  attributes: z
    .strictObject({
      sku: z.string().default('sku'),
      name: z.string().default('name'),
      description: z.string().default('description'),
      brand: z.string().default('brand'),
      media: z.array(z.string()).default(['variant_picture', 'images', 'image*', 'picture*']),
    })
    .prefault({}),
  timeoutMs: z.int().positive().default(15_000),
  attempts: z.int().min(1).max(10).default(3),
  /** The vendor's limit per connection is 4, of all processes together. */
  maxConcurrency: z.int().min(1).max(4).default(4),
  /** In any minute, of all processes together; null = the vendor names no limit. */
  requestsPerMinute: z.int().positive().nullable().default(null),
  /** The vendor's maximum is 100. */
  pageSize: z.int().min(1).max(100).default(100),
  overlapSeconds: z.int().min(1).default(120),
  /** Secrets of the Event Platform subscription; both are valid while one is being rotated. */
  eventSecrets: z.array(z.string().min(8)).default([]),
});

export type AkeneoSettings = z.output<typeof akeneoSettings>;
