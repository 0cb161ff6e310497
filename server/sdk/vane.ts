// What `import ... from "vane"` gives.
export { chain } from "./chain";
export { context, type Context, type Log } from "./context";
export { dag, type Dag } from "./dag";
export { mock, type Mock } from "./mock";
export { Fail, Retry, Skip } from "./signals";
export { task, type Task } from "./task";
export { text } from "./text";
export type { Callback, Callbacks, Happened, Notifier } from "./callbacks";
export type { Connection, ConnectionKind } from "./connection";
export type { DagOptions } from "./dag-options";
export type { Duration } from "./duration";
export type { Handle, Orderable } from "./handle";
export type { Input, Inputs } from "./input";
export type { Json, JsonOf, NotJson } from "./json";
export type { Params } from "./params";
export type { Preset, Schedule } from "./schedule";
export type { RetryOptions, TaskOptions, TaskSettings } from "./task-settings";
export type { TestOptions, TestRun, TestTask } from "./test-run";
