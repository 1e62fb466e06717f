import { createHash, randomBytes } from 'node:crypto';
import { isRole, ROLES } from '../domain/roles.ts';

/**
 * npm run key -- [prefix] [role]: makes an API key. The key is shown once; API_KEYS_FILE holds only its hash. Without a
 * role it may browse; the first of a deployment has the role admin and makes the others in the graph, see docs/access.md.
 */
const [prefix = `ucg_${randomBytes(4).toString('hex')}`, role] = process.argv.slice(2);
if (!/^[A-Za-z0-9][A-Za-z0-9_-]{3,31}$/.test(prefix) || (role !== undefined && !isRole(role))) {
  console.error(`usage: npm run key -- [prefix] [role]; a prefix has 4 to 32 letters, digits, _ or -; a role is one of ${ROLES.join(', ')}`);
  process.exit(2);
}
const key = `${prefix}.${randomBytes(32).toString('base64url')}`;
const rights = role === undefined ? { kind: 'SERVICE', scopes: ['catalog:read', 'availability:read', 'price:read'] } : { role };
const entry = { prefix, sha256: createHash('sha256').update(key).digest('hex'), ...rights };
console.error(`the key, shown once: ${key}`);
console.log(JSON.stringify(entry, null, 2));
