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
])("says what is wrong with %j", (environment, sentence) => {
  expect(() => read(environment)).toThrow(sentence);
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
