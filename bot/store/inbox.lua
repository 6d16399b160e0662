-- One delivery: claimed, its wish recorded, its jobs enqueued; all of it or nothing.
-- KEYS: 1 delivery claim, 2 body claim, 3 wanted state ('' when none), 4 counters
-- ARGV: 1 claim seconds, 2 now, 3 head ('' unknown), 4 closed ('1', '0', '' unchanged),
--       5 gather seconds, 6 longest gather, 7 number of jobs, then for each job:
--       queue, id, rule ('now' or 'gather'), number of fields and values, field, value, ...
-- RQ's own layout (rq/queue.py, rq/job.py, rq/registry.py): hash rq:job:ID, list rq:queue:NAME,
-- set rq:queues, sorted set rq:scheduled:NAME scored by the second at which the job is due.
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then
  redis.call('HINCRBY', KEYS[4], 'known', 1)
  return 0
end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
redis.call('SET', KEYS[2], '1', 'EX', ARGV[1])
local now = tonumber(ARGV[2])
local wanted = KEYS[3]
if wanted ~= '' then
  redis.call('HINCRBY', wanted, 'generation', 1)
  if ARGV[3] ~= '' then redis.call('HSET', wanted, 'head', ARGV[3]) end
  if ARGV[4] ~= '' then redis.call('HSET', wanted, 'closed', ARGV[4]) end
  redis.call('EXPIRE', wanted, 90 * 24 * 3600)
end

local function store(queue, id, fields, due)
  redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
  redis.call('HSET', 'rq:job:' .. id, unpack(fields))
  if due then
    redis.call('HSET', 'rq:job:' .. id, 'status', 'scheduled')
    redis.call('ZADD', 'rq:scheduled:' .. queue, math.ceil(due), id)
  else
    redis.call('RPUSH', 'rq:queue:' .. queue, id)
  end
end

-- A burst of pushes waits in one job, which is put off with each push, up to the longest gather.
local function gather(queue, id, fields)
  local scheduled = 'rq:scheduled:' .. queue
  local pending = redis.call('HGET', wanted, 'pending')
  if pending then
    if redis.call('ZSCORE', scheduled, pending) then
      local first = tonumber(redis.call('HGET', wanted, 'first'))
      local due = math.min(now + tonumber(ARGV[5]), first + tonumber(ARGV[6]))
      redis.call('ZADD', scheduled, 'XX', math.ceil(due), pending)
      return
    elseif redis.call('HGET', 'rq:job:' .. pending, 'status') == 'queued' then
      return
    end
  end
  local due = nil
  if redis.call('HEXISTS', wanted, 'seen') == 1 then due = now + tonumber(ARGV[5]) end
  redis.call('HSET', wanted, 'seen', '1', 'pending', id, 'first', ARGV[2])
  store(queue, id, fields, due)
end

local at = 8
for _ = 1, tonumber(ARGV[7]) do
  local queue, id, rule, size = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local fields = {}
  for n = 1, size do fields[n] = ARGV[at + 3 + n] end
  if rule == 'gather' then gather(queue, id, fields) else store(queue, id, fields, nil) end
  at = at + 4 + size
end
redis.call('HINCRBY', KEYS[4], 'accepted', 1)
return 1
