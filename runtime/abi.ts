/** What emitted code and the runtime agree on. Bump on any change that code emitted earlier would not survive. */
export const ABI_VERSION = 1;

/**
 * The key under which the transformer leaves an operator class's inferred effect on the class.
 * Registered, so that emitted code reaches it as `Symbol.for("xcs.effect")` without an import.
 */
export const INFERRED_EFFECT: symbol = Symbol.for('xcs.effect');

/** The key under which the transformer leaves on an operator class the hash of what constructs its objects. */
export const CONSTRUCTION: symbol = Symbol.for('xcs.construction');
