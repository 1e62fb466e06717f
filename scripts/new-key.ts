import { createHash, randomBytes } from 'node:crypto';

/**
 * npm run key -- [prefix]: makes an API key. The key is shown once; API_KEYS_FILE holds only its hash.
 */
const prefix = process.argv[2] ?? `ucg_${randomBytes(4).toString('hex')}`;
if (!/^[A-Za-z0-9][A-Za-z0-9_-]{3,31}$/.test(prefix)) {
  console.error('usage: npm run key -- [prefix]; a prefix has 4 to 32 letters, digits, _ or -');
  process.exit(2);
}
const key = `${prefix}.${randomBytes(32).toString('base64url')}`;
const entry = { prefix, sha256: createHash('sha256').update(key).digest('hex'), kind: 'SERVICE', scopes: ['catalog:read', 'availability:read', 'price:read'] };
console.error(`the key, shown once: ${key}`);
console.log(JSON.stringify(entry, null, 2));
