// Networks that between them use every kernel of a graphics card.

/** As small as renderers in software need it. */
export const TINY = 'modulus=23&width=32&batch=128&warmup=1';

/** Links, by what is special about them. */
export const KERNELS = {
  "the paper's network": 'preset=division&modulus=23&width=32&batch=128&warmup=1',
  'pre-norm, GELU and all biases':
    `${TINY}&layers=2&norm=pre&activation=gelu&bias=all&prompt=x-y-eq&optimizer=sgd`,
  'noise, drawn alike on both,': `${TINY}&updateNoise=1&weightNoise=0.01&decay=jiggle`,
  'slow gradients, orthogonal': `${TINY}&grokfast=ma&grokfastWindow=3&orthogonal=on`,
  'StableMax at a constant norm': `${TINY}&loss=stablemax&zeroSum=on&constantNorm=on`,
  Muon: `${TINY}&optimizer=muon`,
  'half of the attention': `${TINY}&layers=2&attentionRate=0.5`,
};

/** The worst relative difference of the losses that two devices came to. */
export const KERNELS_TOLERANCE = 1e-5;
