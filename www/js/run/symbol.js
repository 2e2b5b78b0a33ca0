// A symbol's number where there is none.

/** Marks a cell without an equation or a prediction. */
export const NO_SYMBOL = 65535;
