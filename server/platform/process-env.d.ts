/**
 * Next's types say that each process has NODE_ENV "development", "production" or "test". Ours need not, and what we start
 * has the environment that we give it.
 */
declare namespace NodeJS {
  interface ProcessEnv {
    readonly NODE_ENV?: string;
  }
}
