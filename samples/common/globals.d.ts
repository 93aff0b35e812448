/** Set by the bundler: whether this build of the page holds Babylon's inspector. */
declare const __WITH_INSPECTOR__: boolean;
