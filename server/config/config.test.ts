import { expect, it } from "vitest";
import { readConfig } from "./config";

const read = (environment: NodeJS.ProcessEnv, flags = {}) => readConfig(flags, environment, "/srv/app");

it("needs nothing", () => {
  expect(read({})).toMatchObject({
    projectFolder: "/srv/app",
    home: "/srv/app/.vane",
    dagsFolder: "/srv/app/dags",
    host: "127.0.0.1",
    port: { number: 8080, asked: false },
    databaseUrl: undefined,
    retention: { logDays: 30, logBytes: 5e9, runDays: 90, runsPerDag: 100 },
  });
});

it("lets the command line go before the environment, and takes folders from the project", () => {
  const config = read({ VANE_PORT: "9000", VANE_HOME: "data" }, { port: 9001, project: "jobs" });
  expect(config).toMatchObject({ port: { number: 9001, asked: true }, home: "/srv/app/jobs/data" });
});

it("takes an empty variable for none", () => {
  expect(read({ VANE_PORT: "", DATABASE_URL: "" })).toMatchObject({
    port: { asked: false },
    databaseUrl: undefined,
  });
});

it.each([
  [{ VANE_PORT: "http" }, "VANE_PORT is not a port from 1 to 65535."],
  [{ DATABASE_URL: "mysql://x/y" }, "DATABASE_URL is not an address like postgres://"],
  [{ VANE_SLOTS: "0" }, "VANE_SLOTS is not a number from 1 to 1000."],
  [{ VANE_LOG_LEVEL: "loud" }, "VANE_LOG_LEVEL is not one of debug, info, warn, error."],
  [{ VANE_LIMITS_DIVISOR: "0" }, "VANE_LIMITS_DIVISOR is not a number from 1 to 20."],
  [{ VANE_LOG_RETENTION_DAYS: "30d" }, "VANE_LOG_RETENTION_DAYS is not a number of days from 1 to 36500, or"],
  [{ VANE_LOG_RETENTION_DAYS: "0" }, "VANE_LOG_RETENTION_DAYS is not a number of days from 1"],
  [
    { VANE_LOG_RETENTION_GB: "-1" },
    "VANE_LOG_RETENTION_GB is not a number of gigabytes from 0.01, or forever.",
  ],
  [{ VANE_RUN_RETENTION_DAYS: "never" }, "VANE_RUN_RETENTION_DAYS is not a number of days"],
  [{ VANE_RUN_RETENTION_COUNT: "0.5" }, "VANE_RUN_RETENTION_COUNT is not a whole number from 1 to 1000000."],
])("says what is wrong with %j", (environment, sentence) => {
  expect(() => read(environment)).toThrow(sentence);
});

it("keeps what it is told to keep, also for ever", () => {
  const { retention } = read({
    ...{ VANE_LOG_RETENTION_DAYS: "7", VANE_LOG_RETENTION_GB: "0.5" },
    ...{ VANE_RUN_RETENTION_DAYS: "forever", VANE_RUN_RETENTION_COUNT: "10" },
  });
  expect(retention).toEqual({ logDays: 7, logBytes: 5e8, runDays: null, runsPerDag: 10 });
  expect(read({ VANE_LOG_RETENTION_GB: "forever" }).retention.logBytes).toBeNull();
});

it("never shows a wrong address, which may hold a password", () => {
  expect(() => read({ DATABASE_URL: "postgrs://me:hunter2@db/x" })).not.toThrow("hunter2");
});

it("hands on to processes only what is known to be harmless", () => {
  const { childEnvironment } = read({
    PATH: "/bin",
    LC_ALL: "C",
    DATABASE_URL: "postgres://a/b",
    AWS_SECRET_ACCESS_KEY: "x",
  });
  expect(childEnvironment).toEqual({ PATH: "/bin", LC_ALL: "C" });
});

it("collects connections and variables, Vane's before Airflow's, and hands none of them on", () => {
  const { secretEnvironment, childEnvironment } = read({
    ...{
      VANE_CONN_MAIN: "postgres://a:b@c/d",
      AIRFLOW_CONN_MAIN: "postgres://x",
      AIRFLOW_CONN_OLD: "http://y",
    },
    ...{ VANE_VAR_REGION: "eu", VANE_VAR_EMPTY: "", VANE_CONN_: "nameless" },
  });
  expect(secretEnvironment).toEqual({
    connections: { MAIN: "postgres://a:b@c/d", OLD: "http://y" },
    variables: { REGION: "eu" },
  });
  expect(childEnvironment).toEqual({});
});
