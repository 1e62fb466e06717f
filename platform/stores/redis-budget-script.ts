/*
 * One budget in Redis, by Redis' own clock, in one step:
 *   KEYS[1] state   hash  { epoch, fullAt (ms: when the bucket is full), sharedFrom (ms) }
 *   KEYS[2] leases  zset  places taken -> when they lapse: a killed process frees its own
 *   KEYS[3] procs   zset  processes -> when last heard
 *   KEYS[4] waiters hash  "<lane rank>:<process>" -> "<waits since>:<last heard>"
 *   ARGV: process, epoch it knows ('' none), epoch to give, '1' where it has been counting alone, lane rank ('' to be heard only),
 *         lease, lapses after ms, places at most, interval ms (0: no rate), burst, requests reserved, settle ms,
 *         processes it knows of
 *   answer: what ('GRANTED' | 'RATE' | 'PLACE' | 'TURN' | 'ALONE' | 'HEARD'), wait ms, processes, epoch
 * A process that knows another epoch has seen what is lost now; one that counted alone has spent what is not written here. After
 * either everybody counts alone for a while, to the same moment, and the bucket begins anew below empty.
 */
export const TAKE = `
local function text(ms) return string.format('%.3f', ms) end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local process, known, offered, alone, rank = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', ARGV[5]
local interval, burst = tonumber(ARGV[9]), tonumber(ARGV[10])
local state = redis.call('HMGET', KEYS[1], 'epoch', 'fullAt', 'sharedFrom')
local epoch, fullAt, sharedFrom = state[1] or offered, tonumber(state[2]) or 0, tonumber(state[3]) or 0
if alone or (known ~= '' and known ~= epoch) then sharedFrom = now + tonumber(ARGV[12]) end
redis.call('ZADD', KEYS[3], now, process)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - 30000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
-- Each may have sent one at the last moment alone: that much the bucket is below empty.
local apart = math.max(redis.call('ZCARD', KEYS[3]), tonumber(ARGV[13]))
if sharedFrom > now then fullAt = math.max(fullAt, sharedFrom + (burst + apart) * interval) end
local function answer(what, wait)
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'fullAt', text(fullAt), 'sharedFrom', text(sharedFrom))
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 600000) end
  return { what, text(wait), redis.call('ZCARD', KEYS[3]), epoch }
end
if sharedFrom > now then return answer('ALONE', sharedFrom - now) end
if rank == '' then return answer('HEARD', 0) end

local me = rank .. ':' .. process
local mine = redis.call('HGET', KEYS[4], me)
local since = mine and tonumber(string.match(mine, '^([^:]+):')) or now
local before = false
local others = redis.call('HGETALL', KEYS[4])
for i = 1, #others, 2 do
  local theirs, heard = string.match(others[i + 1], '^([^:]+):(.+)$')
  local theirRank = string.match(others[i], '^(%d+):')
  if tonumber(heard) < now - 1000 then redis.call('HDEL', KEYS[4], others[i])
  elseif others[i] ~= me and (theirRank < rank or (theirRank == rank and tonumber(theirs) < since)) then before = true end
end
local wait = fullAt - now - (burst - 1 - tonumber(ARGV[11])) * interval
-- Times are kept to the microsecond: less than that many times a burst is no wait.
if wait < 0.05 then wait = 0 end
local what = before and 'TURN' or wait > 0 and 'RATE' or redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[8]) and 'PLACE' or 'GRANTED'
if what == 'GRANTED' then
  fullAt = math.max(fullAt, now) + interval
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[7]), ARGV[6])
  redis.call('HDEL', KEYS[4], me)
else
  redis.call('HSET', KEYS[4], me, text(since) .. ':' .. text(now))
end
return answer(what, wait)`;

/** Writes down places a process took while it counted alone: KEYS[1] leases; ARGV: lapse after ms, leases... */
export const RECORD = `
local clock = redis.call('TIME')
local lapses = clock[1] * 1000 + clock[2] / 1000 + tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], lapses, ARGV[i]) end
return #ARGV - 1`;
