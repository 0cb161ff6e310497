/*
 * For `next build`, and copied into dist/ for the web server, which looks for the pages there. The build says where to
 * write and under which id (server/cli/build.mjs).
 */
const { VANE_NEXT_DIST = "next", VANE_BUILD_ID = "unknown" } = process.env;

/** @type {import("next").NextConfig} */
export default {
  distDir: VANE_NEXT_DIST,
  generateBuildId: () => VANE_BUILD_ID,
  // Else it looks for lockfiles in the folders above.
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // `npm test` checks types, and a build need not do it again.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: {
    // A page is loaded when somebody first asks for it, not all of them at the start.
    preloadEntriesOnStart: false,
  },
};
