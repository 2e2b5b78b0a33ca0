// Networks that between them use every kernel of a graphics card.

/** As small as software renderers need it. */
export const TINY = 'modulus=23&width=32&batch=128&warmup=1';

/** Links, by what is special about them. */
export const KERNELS = {
  "the paper's network": 'preset=division&modulus=23&width=32&batch=128&warmup=1',
  'pre-norm, GELU and all biases':
    `${TINY}&layers=2&norm=pre&activation=gelu&bias=all&prompt=x-y-eq&optimizer=sgd`,
};
