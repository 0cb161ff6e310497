import { list as listDags } from "./dags/list";
import { setPaused } from "./dags/set-paused";
import { checkSetUp } from "./door/check-set-up";
import { setUp } from "./door/set-up";
import { signIn } from "./door/sign-in";
import { signOut } from "./door/sign-out";
import { list as listImportErrors } from "./import-errors/list";
import { get as getMe } from "./me/get";
import { trigger } from "./runs/trigger";
import { router } from "./trpc";

export const appRouter = router({
  door: router({ signIn, signOut, checkSetUp, setUp }),
  me: router({ get: getMe }),
  dags: router({ list: listDags, setPaused }),
  runs: router({ trigger }),
  importErrors: router({ list: listImportErrors }),
});

export type AppRouter = typeof appRouter;
