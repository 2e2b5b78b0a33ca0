// The larger types of what trains beside a page's run: declarations alone, so that no browser loads them.

/** What a part does, which is loaded when the first of it is asked for. */
export type Of = <T extends object, N extends keyof T>(part: () => Promise<T>, ...names: N[]) => {
  [K in N]: T[K] extends (...given: infer P) => infer R ? (...given: P) => Promise<Awaited<R>> : never
};

/** The run that forks leave, without what the bench knows of it. */
export type Leaving = Omit<import('./fork.js').Live, 'recorded' | 'again'>;
