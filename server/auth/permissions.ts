/** Each has what the one before it has, and more: as Airflow's viewer, user, op and admin. */
export const ROLES = ["viewer", "user", "op", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** For each permission the least role that has it. What anybody signed in may do with what is his own is `self`. */
export const PERMISSIONS = {
  self: "viewer",
  "dag.read": "viewer",
  "log.read": "viewer",
  "dag.pause": "user",
  "run.trigger": "user",
  "run.cancel": "user",
  "task.clear": "user",
  "task.mark": "user",
  "connection.read": "op",
  "connection.write": "op",
  "connection.test": "op",
  "variable.read": "op",
  "variable.write": "op",
  "user.read": "admin",
  "user.write": "admin",
  "audit.read": "admin",
} as const satisfies Readonly<Record<string, Role>>;
export type Permission = keyof typeof PERMISSIONS;

export const mayRole = (role: Role, permission: Permission): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);

export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

export const permissionsOf = (role: Role): readonly Permission[] =>
  PERMISSION_NAMES.filter((permission) => mayRole(role, permission));
