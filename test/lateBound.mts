/**
 * An object for what a hook of jest starts later: each use of it is one of what is running then.
 *
 * @param current what is running
 */
export function lateBound<Thing extends object>(current: () => Thing): Thing {
	return new Proxy({} as Thing, {
		get(_, name) {
			const thing = current();
			const value: unknown = Reflect.get(thing, name);
			return typeof value === 'function' ? value.bind(thing) : value;
		},
	});
}

/** What is running. @throws Error outside of a test and its hooks */
export function running<Thing>(thing: Thing | undefined, name: string): Thing {
	if (thing === undefined) throw new Error(`No ${name} is running: use it inside of a test.`);
	return thing;
}
