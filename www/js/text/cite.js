// What to cite: this program, and the papers whose figures it draws or whose ways to train it has.

/** The version of the program, as in Cargo.toml. */
export const VERSION = '0.1.0';
export const AUTHORS = 'the grokking authors';
export const TITLE = 'Grokking: watch a network cram, then understand';

/**
 * @typedef {object} Paper
 * @property {string} key
 * @property {string} authors As BibTeX has them.
 * @property {string} title
 * @property {number} year
 * @property {string} arxiv
 * @property {string} what What of it is here.
 */

/** @type {Paper[]} */
export const PAPERS = [
  {
    key: 'power2022grokking',
    authors: 'Power, Alethea and Burda, Yuri and Edwards, Harri and Babuschkin, Igor and Misra, Vedant',
    title: 'Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets',
    year: 2022,
    arxiv: '2201.02177',
    what: 'The table, the curves, the share of it that is needed, and the symbols as points',
  },
  {
    key: 'nanda2023progress',
    authors: 'Nanda, Neel and Chan, Lawrence and Lieberum, Tom and Smith, Jess and Steinhardt, Jacob',
    title: 'Progress measures for grokking via mechanistic interpretability',
    year: 2023,
    arxiv: '2301.05217',
    what: 'What has it learned: frequencies, restricted and excluded loss; what each neuron sees, and the share from which it is tuned; what if a part is taken away: the key frequencies alone, and without them; the one-layer network',
  },
  {
    key: 'zhong2023clock',
    authors: 'Zhong, Ziqian and Liu, Ziming and Tegmark, Max and Andreas, Jacob',
    title: 'The Clock and the Pizza: Two Stories in Mechanistic Explanation of Neural Networks',
    year: 2023,
    arxiv: '2306.17844',
    what: 'How does it add: gradient symmetricity and distance irrelevance',
  },
  {
    key: 'chughtai2023toy',
    authors: 'Chughtai, Bilal and Chan, Lawrence and Nanda, Neel',
    title: 'A Toy Model of Universality: Reverse Engineering How Networks Learn Group Operations',
    year: 2023,
    arxiv: '2302.03025',
    what: 'What has it learned, of a group: the power in each irreducible representation, of matrices and of neurons',
  },
  {
    key: 'keskar2017large',
    authors: 'Keskar, Nitish Shirish and Mudigere, Dheevatsa and Nocedal, Jorge and Smelyanskiy, Mikhail and Tang, Ping Tak Peter',
    title: 'On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima',
    year: 2017,
    arxiv: '1609.04836',
    what: 'Does it settle in a flat place: the sharpness φ',
  },
  {
    key: 'truong2026norm',
    authors: '{Truong Xuan Khanh} and {Truong Quynh Hoa} and {Luu Duc Trung} and {Phan Thanh Duc}',
    title: 'The Norm-Separation Delay Law of Grokking: A First-Principles Theory of Delayed Generalization',
    year: 2026,
    arxiv: '2603.13331',
    what: 'How close is it: the law of the norm, beside the forecast',
  },
  {
    key: 'liu2022omnigrok',
    authors: 'Liu, Ziming and Michaud, Eric J. and Tegmark, Max',
    title: 'Omnigrok: Grokking Beyond Algorithmic Data',
    year: 2022,
    arxiv: '2210.01117',
    what: 'A way to train: weights of constant norm',
  },
  {
    key: 'lee2024grokfast',
    authors: 'Lee, Jaerin and Kang, Bong Gyun and Kim, Kihoon and Lee, Kyoung Mu',
    title: 'Grokfast: Accelerated Grokking by Amplifying Slow Gradients',
    year: 2024,
    arxiv: '2405.20233',
    what: 'A way to train: Grokfast',
  },
  {
    key: 'varma2023explaining',
    authors: 'Varma, Vikrant and Shah, Rohin and Kenton, Zachary and Kram{\\\'a}r, J{\\\'a}nos and Kumar, Ramana',
    title: 'Explaining grokking through circuit efficiency',
    year: 2023,
    arxiv: '2309.02390',
    what: 'Was it the weight decay: a network that is shown less forgets the rule (ungrokking)',
  },
  {
    key: 'prieto2025grokking',
    authors: 'Prieto, Lucas and Barsbey, Melih and Mediano, Pedro A. M. and Birdal, Tolga',
    title: 'Grokking at the Edge of Numerical Stability',
    year: 2025,
    arxiv: '2501.04697',
    what: 'Can rounding stop it: the collapse of the softmax; ways to train: StableMax, and gradients orthogonal to the weights',
  },
  {
    key: 'tveit2025muon',
    authors: 'Tveit, Amund and Remseth, Bj{\\o}rn and Skogvold, Arve',
    title: 'Muon Optimizer Accelerates Grokking',
    year: 2025,
    arxiv: '2504.16041',
    what: 'A way to train: Muon',
  },
];

/** An entry of the kind that every style has: old ones know no software. @param {string} key @param {[string, string][]} fields */
const entry = (key, fields) => `@misc{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join('')}}\n`;

/** @param {Paper} paper */
export const bibtexOf = ({ key, authors, title, year, arxiv }) => entry(key, [
  ['author', authors], ['title', `{${title}}`], ['year', String(year)], ['eprint', arxiv],
  ['archivePrefix', 'arXiv'], ['url', `https://arxiv.org/abs/${arxiv}`],
]);

/** Braces and backslashes are signs of BibTeX. @param {string} address */
const plain = (address) => address.replace(/[{}\\]/g, encodeURIComponent);

/** @param {{ build: string, link: string, year: number }} page `link` is that of the run. */
export const bibtexOfProgram = ({ build, link, year }) => entry('grokking', [
  ['author', `{${AUTHORS}}`], ['title', `{${TITLE}}`], ['year', String(year)], ['note', `Version ${VERSION}, build ${build}`], ['url', plain(link)],
]);

export const PROGRAM = 'This program, its build and the link of the run that is shown';
export const COPY = 'Copy';
export const COPIED = 'Copied';
export const SELECTED = 'Selected: copy it by hand';
