/**
 * An object for what a hook of jest starts later: each use of it is one of what is running then.
 *
 * @param current what is running
 * @param own what the object also has
 */
export function lateBound<Thing extends object, Own extends object = object>(
	current: () => Thing,
	own?: Own,
): Thing & Own {
	return new Proxy({} as Thing & Own, {
		get(_, name) {
			const thing = own !== undefined && name in own ? own : current();
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
