// Rules that catch defects; how a sheet looks is left to those who write it.

export default {
  extends: 'stylelint-config-recommended',
  rules: {
    'no-descending-specificity': null,
    'shorthand-property-no-redundant-values': true,
    'unit-disallowed-list': ['pt', 'cm', 'mm', 'in', 'pc'],
  },
};
