import { Socket } from "node:net";
import { killOnce } from "./survivors";

/** Not part of protocol.ts, which would bring zod into this thread's memory. */
const FD_WATCHDOG = 5;

/**
 * Ends the runtime when nobody else can: its worker is gone (the pipe closes) or silent past the deadline. A thread of
 * its own, since user code may block the main one for ever.
 *
 * A line of the pipe is the deadline in milliseconds of the machine's monotonic clock, which worker and runtime share,
 * or `none`. Absolute, so that a line read late, after a pause of this process, is not a longer life.
 */
export function watch(mark: string): void {
  let callOff = () => {};
  let deadlineMs = Infinity;
  const pipe = new Socket({ fd: FD_WATCHDOG, readable: true, writable: false });

  function end() {
    const family = { group: process.pid, mark };
    // Those that left the group first: with this process the knowledge of the mark goes.
    for (let looks = 0; looks < 20 && killOnce(family, process.pid) > 0; looks++);
    process.kill(-process.pid, "SIGKILL");
  }

  function setDeadline(line: string) {
    deadlineMs = line === "none" ? Infinity : Number(line);
    if (deadlineMs === Infinity) callOff();
    else wait();
  }

  function wait() {
    callOff();
    // After a pause of this process alone the timer rings before the pipe is read, in which its worker has said more.
    const timer = setTimeout(() => setImmediate(endIfDue), Math.max(deadlineMs - monotonicMs(), 0));
    callOff = () => {
      clearTimeout(timer);
    };
  }

  function endIfDue() {
    if (monotonicMs() >= deadlineMs) end();
    // A timer may ring a fraction of a millisecond early, and the deadline have moved meanwhile.
    else if (deadlineMs !== Infinity) wait();
  }

  let rest = "";
  pipe.setEncoding("utf8");
  pipe.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    const last = lines.at(-1);
    if (last !== undefined) setDeadline(last);
  });
  pipe.on("close", end);
  pipe.on("error", end);
}

/** The machine's, not the process's: comparable between processes of one boot. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;
