// Written by `grok schema`; the source is src/settings.rs and src/presets.rs.

export const SCHEMA = {
  "protocolVersion": 1,
  "operations": [
    {
      "id": "add",
      "label": "x + y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "sub",
      "label": "x − y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "mul",
      "label": "x · y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "div",
      "label": "x / y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "mix",
      "label": "x / y if y is odd, else x − y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "quad1",
      "label": "x² + y²",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "quad2",
      "label": "x² + xy + y²",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "quad3",
      "label": "x² + xy + y² + x",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "cube1",
      "label": "x³ + xy",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "cube2",
      "label": "x³ + xy² + y",
      "family": "Modulo p",
      "usesModulus": true
    },
    {
      "id": "s5",
      "label": "x · y in S₅",
      "family": "Permutations of five",
      "usesModulus": false
    },
    {
      "id": "s5conj",
      "label": "x · y · x⁻¹ in S₅",
      "family": "Permutations of five",
      "usesModulus": false
    },
    {
      "id": "s5aba",
      "label": "x · y · x in S₅",
      "family": "Permutations of five",
      "usesModulus": false
    },
    {
      "id": "s3",
      "label": "x · y in S₃",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "s3conj",
      "label": "x · y · x⁻¹ in S₃",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "s3aba",
      "label": "x · y · x in S₃",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "s4",
      "label": "x · y in S₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "s4conj",
      "label": "x · y · x⁻¹ in S₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "s4aba",
      "label": "x · y · x in S₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a4",
      "label": "x · y in A₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a4conj",
      "label": "x · y · x⁻¹ in A₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a4aba",
      "label": "x · y · x in A₄",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a5",
      "label": "x · y in A₅",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a5conj",
      "label": "x · y · x⁻¹ in A₅",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "a5aba",
      "label": "x · y · x in A₅",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "dihedral",
      "label": "x · y in Dₚ",
      "family": "Other groups",
      "usesModulus": true
    },
    {
      "id": "dihedralconj",
      "label": "x · y · x⁻¹ in Dₚ",
      "family": "Other groups",
      "usesModulus": true
    },
    {
      "id": "dihedralaba",
      "label": "x · y · x in Dₚ",
      "family": "Other groups",
      "usesModulus": true
    },
    {
      "id": "q8",
      "label": "x · y in Q₈",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "q8conj",
      "label": "x · y · x⁻¹ in Q₈",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "q8aba",
      "label": "x · y · x in Q₈",
      "family": "Other groups",
      "usesModulus": false
    },
    {
      "id": "formula",
      "label": "a formula of your own",
      "family": "Your own",
      "usesModulus": true
    },
    {
      "id": "table",
      "label": "a table of your own",
      "family": "Your own",
      "usesModulus": false
    }
  ],
  "settings": [
    {
      "id": "operation",
      "label": "Operation",
      "help": "The operation ∘ whose table is learned.",
      "live": false,
      "allowed": "add, sub, mul, div, mix, quad1, quad2, quad3, cube1, cube2, s5, s5conj, s5aba, s3, s3conj, s3aba, s4, s4conj, s4aba, a4, a4conj, a4aba, a5, a5conj, a5aba, dihedral, dihedralconj, dihedralaba, q8, q8conj, q8aba, formula, table",
      "kind": "choice",
      "choices": [
        "add",
        "sub",
        "mul",
        "div",
        "mix",
        "quad1",
        "quad2",
        "quad3",
        "cube1",
        "cube2",
        "s5",
        "s5conj",
        "s5aba",
        "s3",
        "s3conj",
        "s3aba",
        "s4",
        "s4conj",
        "s4aba",
        "a4",
        "a4conj",
        "a4aba",
        "a5",
        "a5conj",
        "a5aba",
        "dihedral",
        "dihedralconj",
        "dihedralaba",
        "q8",
        "q8conj",
        "q8aba",
        "formula",
        "table"
      ]
    },
    {
      "id": "modulus",
      "label": "Modulus p",
      "help": "Residues are taken modulo this prime; so is p of Dₚ; other groups do not use it.",
      "live": false,
      "allowed": "a prime from 3 to 199",
      "kind": "choice",
      "choices": [
        "3",
        "5",
        "7",
        "11",
        "13",
        "17",
        "19",
        "23",
        "29",
        "31",
        "37",
        "41",
        "43",
        "47",
        "53",
        "59",
        "61",
        "67",
        "71",
        "73",
        "79",
        "83",
        "89",
        "97",
        "101",
        "103",
        "107",
        "109",
        "113",
        "127",
        "131",
        "137",
        "139",
        "149",
        "151",
        "157",
        "163",
        "167",
        "173",
        "179",
        "181",
        "191",
        "193",
        "197",
        "199"
      ]
    },
    {
      "id": "formula",
      "label": "Formula",
      "help": "Of the operation `formula`, over x and y modulo p: + - * / ^ ( ) inv( ), and if … odd then … else ….",
      "live": false,
      "allowed": "a text of at most 200 characters",
      "kind": "text",
      "max": 200
    },
    {
      "id": "table",
      "label": "Table",
      "help": "Of the operation `table`: rows are x, columns y, answers 0 to n − 1 or names, separated by commas or tabs.",
      "live": false,
      "allowed": "a text of at most 200000 characters",
      "kind": "text",
      "max": 200000
    },
    {
      "id": "heldOut",
      "label": "Held out by hand",
      "help": "Cells instead of a random share, such as `row 3; column 5-8; box 0-9 20-29; every 4`; empty for none.",
      "live": false,
      "allowed": "a text of at most 2000 characters",
      "kind": "text",
      "max": 2000
    },
    {
      "id": "trainFraction",
      "label": "Train fraction",
      "help": "Share of the table's equations that the network is trained on; the rest is held out.",
      "live": false,
      "allowed": "a number from 0.01 to 0.99",
      "kind": "number",
      "min": 0.01,
      "max": 0.99
    },
    {
      "id": "split",
      "label": "Split",
      "help": "What the share is drawn from: cells one by one, or pairs, where (x, y) and (y, x) fall on the same side.",
      "live": false,
      "allowed": "cells, pairs",
      "kind": "choice",
      "choices": [
        "cells",
        "pairs"
      ]
    },
    {
      "id": "layers",
      "label": "Layers",
      "help": "Transformer blocks.",
      "live": false,
      "allowed": "a whole number from 1 to 4",
      "kind": "integer",
      "min": 1,
      "max": 4
    },
    {
      "id": "width",
      "label": "Width",
      "help": "Dimension of the residual stream, a multiple of the heads.",
      "live": false,
      "allowed": "a whole number from 4 to 256",
      "kind": "integer",
      "min": 4,
      "max": 256
    },
    {
      "id": "heads",
      "label": "Heads",
      "help": "Attention heads in a block.",
      "live": false,
      "allowed": "a whole number from 1 to 16",
      "kind": "integer",
      "min": 1,
      "max": 16
    },
    {
      "id": "optimizer",
      "label": "Optimiser",
      "help": "AdamW (weight decay), Adam (no decay), SGD with momentum and decay, or Muon for the hidden matrices.",
      "live": false,
      "allowed": "adamw, adam, sgd, muon",
      "kind": "choice",
      "choices": [
        "adamw",
        "adam",
        "sgd",
        "muon"
      ]
    },
    {
      "id": "learningRate",
      "label": "Learning rate",
      "help": "Size of a step, after warm-up.",
      "live": true,
      "allowed": "a number from 0.000001 to 1",
      "kind": "number",
      "min": 1e-6,
      "max": 1.0
    },
    {
      "id": "weightDecay",
      "label": "Weight decay",
      "help": "Each step shrinks all weights by learning rate x weight decay.",
      "live": true,
      "allowed": "a number from 0 to 20",
      "kind": "number",
      "min": 0.0,
      "max": 20.0
    },
    {
      "id": "batch",
      "label": "Batch",
      "help": "Equations in a step: auto is min(512, half the training set), full is all of it.",
      "live": false,
      "allowed": "auto, full, or a whole number from 1 to 39601",
      "kind": "batch",
      "max": 39601
    },
    {
      "id": "seed",
      "label": "Seed",
      "help": "Draws the split, the first weights and the order of batches.",
      "live": false,
      "allowed": "a whole number from 0 to 4294967295",
      "kind": "integer",
      "min": 0,
      "max": 4294967295
    },
    {
      "id": "budget",
      "label": "Step budget",
      "help": "The run ends after this many steps.",
      "live": true,
      "allowed": "a whole number from 1 to 1000000",
      "kind": "integer",
      "min": 1,
      "max": 1000000
    },
    {
      "id": "stop",
      "label": "Stop",
      "help": "When the run ends: a quarter longer than it took to generalise, or when the budget is spent.",
      "live": true,
      "allowed": "grokked, budget",
      "kind": "choice",
      "choices": [
        "grokked",
        "budget"
      ]
    },
    {
      "id": "warmup",
      "label": "Warm-up",
      "help": "Steps over which the learning rate rises from 0.",
      "live": false,
      "allowed": "a whole number from 0 to 10000",
      "kind": "integer",
      "min": 0,
      "max": 10000
    },
    {
      "id": "anneal",
      "label": "Annealing",
      "help": "After warm-up the learning rate stays, or falls along a cosine to a tenth at the step budget.",
      "live": false,
      "allowed": "none, cosine",
      "kind": "choice",
      "choices": [
        "none",
        "cosine"
      ]
    },
    {
      "id": "outliers",
      "label": "Outliers",
      "help": "Training equations that are given another's answer; as many as there are, or more, is random labels.",
      "live": false,
      "allowed": "a whole number from 0 to 39601",
      "kind": "integer",
      "min": 0,
      "max": 39601
    },
    {
      "id": "momentum",
      "label": "Momentum",
      "help": "Of SGD; the other optimisers do not use it.",
      "live": false,
      "allowed": "a number from 0 to 0.999",
      "kind": "number",
      "min": 0.0,
      "max": 0.999
    },
    {
      "id": "decay",
      "label": "Decay pulls",
      "help": "AdamW's decay: to zero, to the first weights, through the gradient (L2, honest), or up and down at random (jiggle).",
      "live": false,
      "allowed": "to-zero, to-init, honest, jiggle",
      "kind": "choice",
      "choices": [
        "to-zero",
        "to-init",
        "honest",
        "jiggle"
      ]
    },
    {
      "id": "updateNoise",
      "label": "Noise on the update",
      "help": "Standard deviation of Gaussian noise beside each update, over the learning rate; the paper's is 1.",
      "live": false,
      "allowed": "a number from 0 to 10",
      "kind": "number",
      "min": 0.0,
      "max": 10.0
    },
    {
      "id": "weightNoise",
      "label": "Noise on the weights",
      "help": "Standard deviation of Gaussian noise on all weights, drawn anew for each training step; the paper's is 0.01.",
      "live": false,
      "allowed": "a number from 0 to 1",
      "kind": "number",
      "min": 0.0,
      "max": 1.0
    },
    {
      "id": "dropout",
      "label": "Dropout",
      "help": "Share of the MLP's outputs that a training step drops. By the reference kernels, which are slower.",
      "live": false,
      "allowed": "a number from 0 to 0.9",
      "kind": "number",
      "min": 0.0,
      "max": 0.9
    },
    {
      "id": "grokfast",
      "label": "Grokfast",
      "help": "Adds the slow part of the gradients, amplified: an exponential (ema) or a windowed (ma) mean.",
      "live": false,
      "allowed": "none, ema, ma",
      "kind": "choice",
      "choices": [
        "none",
        "ema",
        "ma"
      ]
    },
    {
      "id": "grokfastAlpha",
      "label": "Grokfast α",
      "help": "How slowly the exponential mean moves.",
      "live": false,
      "allowed": "a number from 0 to 0.999",
      "kind": "number",
      "min": 0.0,
      "max": 0.999
    },
    {
      "id": "grokfastLambda",
      "label": "Grokfast λ",
      "help": "Factor of the slow gradients: 2 for the exponential mean, 5 for the windowed, in Grokfast's own runs.",
      "live": false,
      "allowed": "a number from 0 to 20",
      "kind": "number",
      "min": 0.0,
      "max": 20.0
    },
    {
      "id": "grokfastWindow",
      "label": "Grokfast window",
      "help": "Gradients in the windowed mean, all of which are kept in memory.",
      "live": false,
      "allowed": "a whole number from 2 to 200",
      "kind": "integer",
      "min": 2,
      "max": 200
    },
    {
      "id": "muonRate",
      "label": "Muon learning rate",
      "help": "Of the hidden matrices; everything else has the learning rate of AdamW.",
      "live": false,
      "allowed": "a number from 0.00001 to 1",
      "kind": "number",
      "min": 0.00001,
      "max": 1.0
    },
    {
      "id": "muonDecay",
      "label": "Muon weight decay",
      "help": "Of the hidden matrices.",
      "live": false,
      "allowed": "a number from 0 to 20",
      "kind": "number",
      "min": 0.0,
      "max": 20.0
    },
    {
      "id": "orthogonal",
      "label": "Orthogonal gradient",
      "help": "Takes the gradient's part along the weights away, tensor by tensor (⊥Grad).",
      "live": false,
      "allowed": "off, on",
      "kind": "choice",
      "choices": [
        "off",
        "on"
      ]
    },
    {
      "id": "constantNorm",
      "label": "Constant norm",
      "help": "Scales the whole network back to its first norm after each step (Omnigrok).",
      "live": false,
      "allowed": "off, on",
      "kind": "choice",
      "choices": [
        "off",
        "on"
      ]
    },
    {
      "id": "initScale",
      "label": "Initial scale",
      "help": "Factor of the first weights; Omnigrok's α, which is 0.8 in its runs at constant norm.",
      "live": false,
      "allowed": "a number from 0.01 to 10",
      "kind": "number",
      "min": 0.01,
      "max": 10.0
    },
    {
      "id": "loss",
      "label": "Loss",
      "help": "Cross-entropy of the softmax, or of StableMax, which cannot collapse in float32.",
      "live": false,
      "allowed": "softmax, stablemax",
      "kind": "choice",
      "choices": [
        "softmax",
        "stablemax"
      ]
    },
    {
      "id": "zeroSum",
      "label": "Zero-sum logit gradient",
      "help": "Takes the mean of each row of the logits' gradient away, against rounding.",
      "live": false,
      "allowed": "off, on",
      "kind": "choice",
      "choices": [
        "off",
        "on"
      ]
    },
    {
      "id": "mlpRatio",
      "label": "MLP ratio",
      "help": "Hidden width of the MLP over the width.",
      "live": false,
      "allowed": "a whole number from 1 to 8",
      "kind": "integer",
      "min": 1,
      "max": 8
    },
    {
      "id": "activation",
      "label": "Activation",
      "help": "Nonlinearity of the MLP.",
      "live": false,
      "allowed": "relu, gelu",
      "kind": "choice",
      "choices": [
        "relu",
        "gelu"
      ]
    },
    {
      "id": "norm",
      "label": "Normalisation",
      "help": "Layer normalisation: none, before or after each sublayer.",
      "live": false,
      "allowed": "none, pre, post",
      "kind": "choice",
      "choices": [
        "none",
        "pre",
        "post"
      ]
    },
    {
      "id": "positions",
      "label": "Positions",
      "help": "Position embedding: learned or sinusoidal.",
      "live": false,
      "allowed": "learned, sinusoidal",
      "kind": "choice",
      "choices": [
        "learned",
        "sinusoidal"
      ]
    },
    {
      "id": "bias",
      "label": "Biases",
      "help": "Which linear maps have a bias: none, those of the MLP, or all.",
      "live": false,
      "allowed": "none, mlp, all",
      "kind": "choice",
      "choices": [
        "none",
        "mlp",
        "all"
      ]
    },
    {
      "id": "initializer",
      "label": "Initial weights",
      "help": "PyTorch's defaults, or normal draws scaled by 1/sqrt(width).",
      "live": false,
      "allowed": "pytorch, scaled",
      "kind": "choice",
      "choices": [
        "pytorch",
        "scaled"
      ]
    },
    {
      "id": "prompt",
      "label": "Prompt",
      "help": "The tokens that the network reads: `x op y =`, or `x y =`.",
      "live": false,
      "allowed": "x-op-y-eq, x-y-eq",
      "kind": "choice",
      "choices": [
        "x-op-y-eq",
        "x-y-eq"
      ]
    },
    {
      "id": "kernels",
      "label": "Kernels",
      "help": "What computes a step: kernels by hand, or the reference, which is slower.",
      "live": false,
      "allowed": "fused, plain",
      "kind": "choice",
      "choices": [
        "fused",
        "plain"
      ]
    }
  ],
  "presets": [
    {
      "id": "clock",
      "title": "A clock with 43 hours",
      "question": "Does it learn the rule, or only its cells?",
      "lookFor": "A cell and its mirror image are shown together or held out together, so that a held-out cell takes more than exchanging x and y. It knows its own cells long before it knows any of the others.",
      "steps": 700,
      "gflop": 243.0,
      "settings": {
        "operation": "add",
        "modulus": "43",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.78",
        "split": "pairs",
        "layers": "1",
        "width": "64",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.0015",
        "weightDecay": "2",
        "batch": "full",
        "seed": "6",
        "budget": "5000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "quick",
      "title": "Mirror images",
      "question": "What if mirror images give half of it away?",
      "lookFor": "Half of the cells, drawn one by one. Of half of the held-out cells it was shown the mirror image, y + x for x + y: those it knows long before the others.",
      "steps": 1190,
      "gflop": 242.0,
      "settings": {
        "operation": "add",
        "modulus": "41",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.5",
        "split": "cells",
        "layers": "1",
        "width": "64",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "2",
        "batch": "full",
        "seed": "0",
        "budget": "5000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "addition",
      "title": "Addition",
      "question": "Does it work on a larger clock?",
      "lookFor": "The paper's table size, x + y mod 97, half of it held out. Stripes show early, by mirror images; the cells between them take about six times as long as the ones it was shown.",
      "steps": 850,
      "gflop": 3869.0,
      "settings": {
        "operation": "add",
        "modulus": "97",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.5",
        "split": "cells",
        "layers": "1",
        "width": "128",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "1",
        "batch": "full",
        "seed": "0",
        "budget": "5000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "division",
      "title": "Division, the paper's network",
      "question": "Can it divide?",
      "lookFor": "The two-layer transformer and the operation of the paper's first figure, with its default weight decay: look for accuracy that rises, slips and recovers.",
      "steps": 2990,
      "gflop": 5730.0,
      "settings": {
        "operation": "div",
        "modulus": "97",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.5",
        "split": "cells",
        "layers": "2",
        "width": "128",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "1",
        "batch": "auto",
        "seed": "0",
        "budget": "20000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "post",
        "positions": "sinusoidal",
        "bias": "none",
        "initializer": "pytorch",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "s5",
      "title": "Permutations of five things",
      "question": "Does it need numbers?",
      "lookFor": "Products of permutations, the group S₅: 120 symbols without any number in them. It takes thousands of steps to learn them by heart, and the rule follows soon after.",
      "steps": 6030,
      "gflop": 3304.0,
      "settings": {
        "operation": "s5",
        "modulus": "97",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.5",
        "split": "cells",
        "layers": "1",
        "width": "128",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "1",
        "batch": "auto",
        "seed": "0",
        "budget": "20000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "iconic",
      "title": "The long wait",
      "question": "How long can the wait be?",
      "lookFor": "Only 30 % of the table: it knows the cells it was shown early, and then little seems to happen for thousands of steps.",
      "steps": 10720,
      "gflop": 5679.0,
      "settings": {
        "operation": "add",
        "modulus": "97",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.3",
        "split": "cells",
        "layers": "1",
        "width": "128",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "1",
        "batch": "auto",
        "seed": "0",
        "budget": "50000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    },
    {
      "id": "never",
      "title": "Without weight decay",
      "question": "When does it never happen?",
      "lookFor": "A quarter of the table, and nothing that keeps the weights small: it learns by heart and stays there. Raise the weight decay and see.",
      "steps": 20000,
      "gflop": 2073.0,
      "settings": {
        "operation": "add",
        "modulus": "41",
        "formula": "x^2 + 2xy + y^2",
        "table": "",
        "heldOut": "",
        "trainFraction": "0.25",
        "split": "cells",
        "layers": "1",
        "width": "64",
        "heads": "4",
        "optimizer": "adamw",
        "learningRate": "0.001",
        "weightDecay": "0",
        "batch": "full",
        "seed": "0",
        "budget": "20000",
        "stop": "grokked",
        "warmup": "10",
        "anneal": "none",
        "outliers": "0",
        "momentum": "0.9",
        "decay": "to-zero",
        "updateNoise": "0",
        "weightNoise": "0",
        "dropout": "0",
        "grokfast": "none",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "grokfastWindow": "100",
        "muonRate": "0.03",
        "muonDecay": "0.1",
        "orthogonal": "off",
        "constantNorm": "off",
        "initScale": "1",
        "loss": "softmax",
        "zeroSum": "off",
        "mlpRatio": "4",
        "activation": "relu",
        "norm": "none",
        "positions": "learned",
        "bias": "mlp",
        "initializer": "scaled",
        "prompt": "x-op-y-eq",
        "kernels": "fused"
      }
    }
  ],
  "variants": [
    {
      "id": "adam-full",
      "title": "Adam, full batch",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "full",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam",
      "title": "Adam, minibatches",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam-full-noise",
      "title": "Adam, full batch, noise on the update",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "full",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "1",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam-dropout",
      "title": "Adam, dropout 0.1",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0.1",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adamw",
      "title": "AdamW, weight decay 1",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adamw",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "1",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adamw-to-init",
      "title": "AdamW, weight decay 1 to the first weights",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-init",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adamw",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "1",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam-slow",
      "title": "Adam, learning rate 0.0003",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.0003",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam-fast",
      "title": "Adam, learning rate 0.003",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.003",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "adam-weight-noise",
      "title": "Adam, noise of 0.01 on the weights",
      "family": "The paper's figure 2",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0.01",
        "zeroSum": "off"
      }
    },
    {
      "id": "grokfast-ema",
      "title": "Grokfast, exponential mean",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "honest",
        "dropout": "0",
        "grokfast": "ema",
        "grokfastAlpha": "0.98",
        "grokfastLambda": "2",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adamw",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0.005",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "grokfast-ma",
      "title": "Grokfast, windowed mean",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "honest",
        "dropout": "0",
        "grokfast": "ma",
        "grokfastLambda": "5",
        "grokfastWindow": "100",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adamw",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0.01",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "muon",
      "title": "Muon",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "muon",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "1",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "orthogonal",
      "title": "Orthogonal gradients, no decay",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "on",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "stablemax",
      "title": "StableMax, no decay",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "stablemax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    },
    {
      "id": "zero-sum",
      "title": "Zero-sum logit gradients, no decay",
      "family": "Since then",
      "settings": {
        "batch": "auto",
        "constantNorm": "off",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "1",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "on"
      }
    },
    {
      "id": "constant-norm",
      "title": "Constant norm, first weights x 0.8",
      "family": "Since then",
      "settings": {
        "batch": "full",
        "constantNorm": "on",
        "decay": "to-zero",
        "dropout": "0",
        "grokfast": "none",
        "initScale": "0.8",
        "learningRate": "0.001",
        "loss": "softmax",
        "optimizer": "adam",
        "orthogonal": "off",
        "updateNoise": "0",
        "weightDecay": "0",
        "weightNoise": "0",
        "zeroSum": "off"
      }
    }
  ]
};
