/*
 * Put in the place of modules of bundled libraries that no code of the nodes reaches, so that what
 * they can do is not in the package.
 */
export {};
