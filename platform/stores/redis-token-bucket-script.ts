/*
 * One bucket in Redis, by Redis' own clock, in one step:
 *   KEYS[1] hash { tokens, at (µs) }; no hash = full
 *   ARGV: rate a second, burst, needed (0: nothing, tokens are only returned), wanted, returned
 *   answer: granted, what is left
 * Fewer than needed are not granted at all: crumbs spread over many processes would serve nobody.
 */
export const TAKE_TOKENS = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local needed, wanted, returned = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if state[1] then
  tokens = math.min(burst, tonumber(state[1]) + math.max(0, now - tonumber(state[2])) * rate / 1000000)
end
tokens = math.min(burst, tokens + returned)
local granted = 0
if needed > 0 and tokens >= needed then granted = math.min(wanted, math.floor(tokens)) end
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
return { granted, string.format('%.17g', tokens) }`;

/** A process says that it is there: KEYS[1] zset of processes; ARGV: process, forgotten after ms. Answers how many there are. */
export const HEAR_OF = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[2]) * 2)
return redis.call('ZCARD', KEYS[1])`;
