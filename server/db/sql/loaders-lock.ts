/** Of pg_advisory_xact_lock: versions and bundles come, and go, under it alone. Any number will do. */
export const LOADERS_LOCK = 7_261_404;
