-- What wrk sends: the requests of a file, one after another, each written whole beforehand, so that the generator
-- costs the machine little. It starts at a byte of the file, sends for some seconds or until the file ends, waits for
-- every answer, and prints one line of JSON, which tells where the next run may start.

local ffi = require('ffi')
ffi.cdef('typedef struct { long seconds; long nanoseconds; } bench_time; int clock_gettime(int, bench_time *);')

local FOREVER_MS = 1e9
local MONOTONIC = 1
local clock = ffi.new('bench_time')
local thread_of_run
local asked_by_wrk = false

local function now()
  ffi.C.clock_gettime(MONOTONIC, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

function setup(thread)
  thread_of_run = thread
end

-- A record is the length of a request in bytes, a line break, and the request.
local function read()
  next_at = file:seek()
  local length = file:read('*l')
  return length and file:read(tonumber(length))
end

function init(args)
  file = assert(io.open(args[1], 'rb'))
  file:seek('set', tonumber(args[2]))
  seconds = tonumber(args[3])
  connections = tonumber(args[4])
  asked, answered, began, ended = 0, 0, 0, 0
  granted = {}
  upcoming = read()
end

-- wrk asks before each request of a connection: at first it has only connected, later it was answered.
function delay()
  if ended > 0 then return FOREVER_MS end
  local at = now()
  asked = asked + 1
  if asked == 1 then began = at end
  if asked > connections then answered = answered + 1 end
  if not upcoming or at - began >= seconds then
    ended = at
    return FOREVER_MS
  end
  granted[#granted + 1] = upcoming
  upcoming = read()
  return 0
end

function request()
  -- The first call is wrk's own, to see how many requests it gets at once: nothing of it is sent.
  if not asked_by_wrk then
    asked_by_wrk = true
    return 'GET / HTTP/1.1\r\nHost: none\r\n\r\n'
  end
  return table.remove(granted)
end

function done(summary, latency)
  local of = function(name) return thread_of_run:get(name) end
  local errors = summary.errors
  io.write(string.format(
    'run {"made":%d,"rate":%.3f,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d,"nextAt":%d}\n',
    summary.requests, of('answered') / (of('ended') - of('began')),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, of('next_at')))
end
