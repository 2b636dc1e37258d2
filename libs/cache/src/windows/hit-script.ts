/** `SlidingWindows.giveBack` on the same hashes. KEYS: one a window. */
export const GIVE_BACK_SCRIPT = `
for _, key in ipairs(KEYS) do
  local newest = nil
  for _, field in ipairs(redis.call('hkeys', key)) do
    local at = tonumber(field)
    if at and (not newest or at > tonumber(newest)) then newest = field end
  end
  if newest and redis.call('hincrby', key, newest, -1) < 1 then redis.call('hdel', key, newest) end
end
`;

/**
 * `SlidingWindows.hit` as one atomic step in Redis. A window is a hash: the moment of a step → its hits, and `warned` →
 * when its owner was last warned. Time is Redis' own, so nodes whose clocks differ count alike.
 *
 * KEYS: one a window. ARGV[1]: milliseconds to add to Redis' time; then four a window: its length, step, limit and when to
 * warn. Answers three numbers a window: hits counted, milliseconds until it frees, and flags (1 had room, 2 warn now).
 */
export const HIT_SCRIPT = `
local clock = redis.call('time')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[1]
local windows, hasRoom = {}, true

for i, key in ipairs(KEYS) do
  local length, step = tonumber(ARGV[4 * i - 2]), tonumber(ARGV[4 * i - 1])
  local window = { length = length, step = step, limit = tonumber(ARGV[4 * i]), nearingAt = tonumber(ARGV[4 * i + 1]) }
  window.count, window.steps, window.warnedAt, window.lasts = 0, {}, -1 / 0, step - 1 + length
  local entries, gone = redis.call('hgetall', key), {}
  for j = 1, #entries, 2 do
    local hits = tonumber(entries[j + 1])
    if entries[j] == 'warned' then
      window.warnedAt = hits
    elseif entries[j] + window.lasts <= now then
      gone[#gone + 1] = entries[j]
    else
      window.count = window.count + hits
      window.steps[#window.steps + 1] = { at = tonumber(entries[j]), hits = hits }
    end
  end
  if #gone > 0 then redis.call('hdel', key, unpack(gone)) end
  table.sort(window.steps, function(a, b) return a.at < b.at end)
  window.hasRoom = window.count < window.limit
  hasRoom = hasRoom and window.hasRoom
  windows[i] = window
end

local answer = {}
for i, window in ipairs(windows) do
  local flags = window.hasRoom and 1 or 0
  if hasRoom then
    local at = math.floor(now / window.step) * window.step
    redis.call('hincrby', KEYS[i], string.format('%.0f', at), 1)
    redis.call('pexpire', KEYS[i], window.lasts + 1)
    window.count = window.count + 1
    window.steps[#window.steps + 1] = { at = at, hits = 1 }
    if window.count >= window.nearingAt and window.warnedAt + window.length <= now then
      redis.call('hset', KEYS[i], 'warned', string.format('%.0f', now))
      flags = flags + 2
    end
  end
  local left, freesIn = window.count, 0
  for _, step in ipairs(window.steps) do
    left = left - step.hits
    freesIn = step.at + window.lasts - now
    if window.hasRoom or left < window.limit then break end
  end
  answer[i] = { window.count, freesIn, flags }
end
return answer
`;
