-- For wrk: requests whose body carries a fresh UUID, and one line of JSON with what came of them.
-- Arguments: method, folder with body-0 .. body-(n-1), n, the mark in a body, seed, headers.

local heads, tails, turn = {}, {}, 0
local method, mark

local function halves(text)
   local from, to = text:find(mark, 1, true)
   return text:sub(1, from - 1), text:sub(to + 1)
end

function init(args)
   method, mark = args[1], args[4]
   for number = 0, tonumber(args[3]) - 1 do
      local file = io.open(args[2] .. "/body-" .. number, "rb")
      heads[#heads + 1], tails[#tails + 1] = halves(file:read("*a"))
      file:close()
   end
   math.randomseed(tonumber(args[5], 16))
   for number = 6, #args do
      local name, value = args[number]:match("^(.-): (.*)$")
      wrk.headers[name] = value
   end
end

local function uuid()
   local function hex(digits) return string.format("%0" .. digits .. "x", math.random(0, 16 ^ digits - 1)) end
   return hex(6) .. hex(2) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-a" .. hex(3) .. "-" .. hex(6) .. hex(6)
end

function request()
   if #heads == 0 then return wrk.format(method) end
   turn = turn % #heads + 1
   return wrk.format(method, nil, nil, heads[turn] .. uuid() .. tails[turn])
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '{"rate": %f, "p50": %f, "p95": %f, "failed": %d, "done": %d}\n',
      summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
      latency:percentile(95) / 1000,
      errors.status + errors.connect + errors.read + errors.timeout, summary.requests))
end
