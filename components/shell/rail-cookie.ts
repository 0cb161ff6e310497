/** Read by the server too, so that the nav does not change its width while the page comes to life. */
export const RAIL_COOKIE = "vane_rail";
